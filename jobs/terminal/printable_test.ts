import { equal } from "node:assert/strict";
import { printable } from "./printable.ts";

Deno.test("control characters and direction marks cannot reach the terminal", () => {
  equal(printable("a\x1b[2Jb\nc\u202ed"), "a�[2Jb�c�d");
  equal(printable("#pay “Zahlen” 支付"), "#pay “Zahlen” 支付");
});
