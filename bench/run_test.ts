import assert from "node:assert/strict";
import { measureAll } from "./run.ts";

Deno.test("the benchmarks run and give figures", async () => {
  const figures = await measureAll(0.1);
  assert.equal(figures.length, 4);
  for (const { name, value } of figures) assert.ok(value > 0, `${name} is ${value}`);
});
