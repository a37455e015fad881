import { equal } from "node:assert/strict";
import { createPaint, wantsColor } from "./paint.ts";

Deno.test("colours go to terminals only, and not where NO_COLOR is set", () => {
  equal(wantsColor(true, undefined), true);
  equal(wantsColor(true, ""), true);
  equal(wantsColor(true, "1"), false);
  equal(wantsColor(false, undefined), false);
});

Deno.test("paint adds escape codes only in colour", () => {
  equal(createPaint(true)("red", "no"), "\x1b[31mno\x1b[39m");
  equal(createPaint(false)("red", "no"), "no");
});
