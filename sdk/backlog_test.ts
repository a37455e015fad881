import { deepEqual, equal } from "node:assert/strict";
import { createBacklog } from "./backlog.ts";

function setup(kept: string | null = null) {
  const world = { now: 1_700_000_000_000, kept };
  const store = { get: () => world.kept, set: (text: string) => void (world.kept = text) };
  return { world, backlog: createBacklog(store, () => world.now) };
}

Deno.test("what was kept is taken once", () => {
  const { backlog } = setup();
  backlog.save(['{"id":1}']);
  backlog.save(['{"id":2}']);
  deepEqual(backlog.take(), ['{"id":1}', '{"id":2}']);
  deepEqual(backlog.take(), []);
});

Deno.test("the backlog is bounded: the newest 100 events, and not much text", () => {
  const { world, backlog } = setup();
  backlog.save(Array.from({ length: 150 }, (_, i) => `{"id":${i}}`));
  const kept = backlog.take();
  deepEqual([kept.length, kept[0]], [100, '{"id":50}']);
  backlog.save(Array.from({ length: 10 }, () => `{"x":"${"x".repeat(20_000)}"}`));
  equal((world.kept ?? "").length < 110_000, true);
  equal(backlog.take().length, 4);
});

Deno.test("events too old to be known as duplicates are not sent again", () => {
  const { world, backlog } = setup();
  backlog.save(['{"id":1}']);
  world.now += 20 * 60 * 60 * 1000;
  deepEqual(backlog.take(), []);
});

Deno.test("a broken or missing store is an empty backlog", () => {
  deepEqual(setup("{oops").backlog.take(), []);
  deepEqual(setup('{"a":1}').backlog.take(), []);
  deepEqual(setup('[{"at":1e15,"json":7}]').backlog.take(), []);
  const nowhere = createBacklog(undefined, Date.now);
  nowhere.save(["{}"]);
  deepEqual(nowhere.take(), []);
});
