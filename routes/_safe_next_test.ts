import assert from "node:assert/strict";
import { safeNext } from "./_safe_next.ts";

Deno.test("a local path is kept with its query", () => {
  assert.equal(safeNext("/?severity=high#row"), "/?severity=high#row");
  assert.equal(safeNext("/demo"), "/demo");
});

Deno.test("anything that could leave this server goes home", () => {
  const hostile = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
  ];
  for (const next of [undefined, "", "demo", "/.//evil.example", "/\t/evil.example", ...hostile]) {
    assert.equal(safeNext(next), "/", `next=${next}`);
  }
});
