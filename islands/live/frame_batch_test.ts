import assert from "node:assert/strict";
import { createFrameBatch } from "./frame_batch.ts";

function setUp(limit = 100) {
  let now = 1000;
  const frames: (() => void)[] = [];
  const timers: { at: number; run: () => void }[] = [];
  const batches: number[][] = [];
  const push = createFrameBatch<number>((batch) => batches.push(batch), limit, {
    now: () => now,
    requestFrame: (run) => frames.push(run),
    setTimeout: (run, ms) => timers.push({ at: now + ms, run }),
  });
  const frame = () => frames.splice(0).forEach((run) => run());
  const advance = (ms: number) => {
    now += ms;
    timers.splice(0).forEach((timer) => timer.at <= now ? timer.run() : timers.push(timer));
  };
  return { push, frame, advance, batches };
}

Deno.test("the first arrival shows in the next frame, with all that came until then", () => {
  const { push, frame, batches } = setUp();
  [1, 2, 3].forEach(push);
  assert.deepEqual(batches, []);
  frame();
  assert.deepEqual(batches, [[1, 2, 3]]);
});

Deno.test("a flood makes a few batches a second", () => {
  const { push, frame, advance, batches } = setUp();
  for (let ms = 0; ms < 1600; ms += 16) {
    push(ms);
    frame();
    advance(16);
  }
  assert.ok(batches.length >= 8 && batches.length <= 11, `${batches.length} batches`);
});

Deno.test("a tab without frames keeps the newest and no more than twice the limit", () => {
  const { push, frame, batches } = setUp(10);
  for (let n = 0; n < 1000; n++) push(n);
  frame();
  assert.ok((batches[0]?.length ?? 0) <= 20);
  assert.equal(batches[0]?.at(-1), 999);
});
