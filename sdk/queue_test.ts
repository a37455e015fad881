import { deepEqual, equal } from "node:assert/strict";
import {
  createQueue,
  FLUSH_EVENTS,
  FLUSH_MS,
  MAX_BACKOFF_MS,
  MAX_BATCH_EVENTS,
  MAX_EVENT_CHARS,
  MAX_EVENTS,
  type SendResult,
} from "./queue.ts";

/** A queue in a world whose clock and network the test moves. */
function setup() {
  const timers = new Set<{ at: number; callback: () => void }>();
  const world = {
    now: 1_700_000_000_000,
    /** Ids of each request that was begun. */
    sent: [] as number[][],
    beacons: [] as number[][],
    saved: [] as number[][],
    debug: [] as string[],
    takesBeacons: true,
    answer: ((): Promise<SendResult> => Promise.resolve({ status: 202 })) as () => Promise<
      SendResult
    >,
  };
  const idsOf = (body: string): number[] =>
    JSON.parse(body).batch.map((event: { id: number }) => event.id);
  const queue = createQueue({
    send(body) {
      world.sent.push(idsOf(body));
      return world.answer();
    },
    beacon(body) {
      if (world.takesBeacons) world.beacons.push(idsOf(body));
      return world.takesBeacons;
    },
    now: () => world.now,
    after(ms, callback) {
      const timer = { at: world.now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random: () => 1,
    save: (events) => void world.saved.push(events.map((json) => JSON.parse(json).id)),
    debug: (message) => void world.debug.push(message),
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return {
    world,
    queue,
    add(id: number, how: { isError?: boolean; isUrgent?: boolean; pad?: number } = {}) {
      const json = JSON.stringify({ id, ...(how.pad && { pad: "x".repeat(how.pad) }) });
      queue.add(json, how.isError ?? false, how.isUrgent ?? false);
    },
    /** Moves the clock, rings what is due, and lets answers arrive. */
    async pass(ms: number) {
      world.now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= world.now)) {
        timers.delete(timer);
        timer.callback();
      }
      await settled();
    },
    nextDelay: () => Math.min(...[...timers].map(({ at }) => at - world.now)),
    settled,
  };
}

const range = (length: number, from = 0) => Array.from({ length }, (_, i) => from + i);

Deno.test("events wait a second for company, clicks do not wait", async () => {
  const { world, add, pass } = setup();
  add(1);
  await pass(FLUSH_MS - 1);
  deepEqual(world.sent, []);
  add(2);
  await pass(1);
  deepEqual(world.sent, [[1, 2]]);
  add(3);
  add(4, { isUrgent: true });
  await pass(0);
  deepEqual(world.sent.at(-1), [3, 4], "one request, in order");
});

Deno.test("many events do not wait either, and a request holds a bounded batch", async () => {
  const { world, add, pass } = setup();
  for (const id of range(FLUSH_EVENTS)) add(id);
  await pass(0);
  equal(world.sent[0]?.length, FLUSH_EVENTS);
  for (const id of range(MAX_BATCH_EVENTS + 5, 100)) add(id);
  await pass(0);
  await pass(0);
  deepEqual(world.sent.slice(1).map((batch) => batch.length), [MAX_BATCH_EVENTS, 5]);
  for (const id of range(8, 300)) add(id, { pad: 30_000 });
  await pass(FLUSH_MS);
  await pass(0);
  deepEqual(world.sent.slice(3).map((batch) => batch.length), [5, 3], "at most 160,000 characters");
});

Deno.test("one request is under way at a time", async () => {
  const { world, add, pass, settled } = setup();
  let answer = (_: SendResult) => {};
  world.answer = () => new Promise((resolve) => answer = resolve);
  add(1, { isUrgent: true });
  await pass(0);
  add(2, { isUrgent: true });
  await pass(5000);
  deepEqual(world.sent, [[1]]);
  answer({ status: 202 });
  await settled();
  await pass(0);
  deepEqual(world.sent, [[1], [2]]);
});

Deno.test("a failed request is repeated with growing pauses, and clicks do not break them", async () => {
  const { world, add, pass, nextDelay } = setup();
  for (const status of [0, 500, 503, 408, 429]) {
    world.answer = () => Promise.resolve({ status });
    if (status === 0) add(1, { isUrgent: true });
    await pass(nextDelay());
  }
  deepEqual(world.sent, [[1], [1], [1], [1], [1]]);
  equal(nextDelay(), 16_000);
  add(2, { isUrgent: true });
  await pass(15_999);
  equal(world.sent.length, 5);
  world.answer = () => Promise.reject(new TypeError("Failed to fetch"));
  for (const _ of range(8)) await pass(nextDelay());
  equal(nextDelay(), MAX_BACKOFF_MS);
  world.answer = () => Promise.resolve({ status: 202 });
  await pass(nextDelay());
  deepEqual(world.sent.at(-1), [1, 2]);
  equal(nextDelay(), Infinity);
});

Deno.test("Retry-After is honoured, also by flush; being online again is not a reason to wait", async () => {
  const { world, queue, add, pass, nextDelay, settled } = setup();
  world.answer = () => Promise.resolve({ status: 429, retryAfterMs: 120_000 });
  add(1, { isUrgent: true });
  await pass(0);
  equal(nextDelay(), 120_000);
  await queue.flush();
  equal(world.sent.length, 1);
  world.answer = () => Promise.resolve({ status: 202 });
  queue.retry();
  await settled();
  equal(world.sent.length, 2);
});

Deno.test("what the server will never take is dropped", async () => {
  for (const status of [400, 401, 403, 413]) {
    const { world, add, pass, nextDelay } = setup();
    world.answer = () => Promise.resolve({ status });
    add(1, { isUrgent: true });
    await pass(0);
    equal(nextDelay(), Infinity);
    deepEqual(world.debug, [`dropped 1 events: status ${status}`]);
  }
});

Deno.test("a full queue drops the oldest, errors last", async () => {
  const { world, queue, add } = setup();
  queue.hold(true);
  add(0, { isError: true });
  for (const id of range(MAX_EVENTS, 1)) add(id);
  queue.hold(false);
  await queue.flush();
  deepEqual(world.sent[0]?.slice(0, 3), [0, 2, 3]);
  add(1, { pad: MAX_EVENT_CHARS });
  equal(world.debug.at(-1), `dropped an event of ${MAX_EVENT_CHARS + 17} characters`);
});

Deno.test("when the page goes, all is kept and given to the browser in small parts", async () => {
  const { world, queue, add, pass } = setup();
  for (const id of range(3)) add(id, { pad: 9000 });
  queue.leave();
  deepEqual(world.saved, [[0, 1, 2]]);
  deepEqual(world.beacons, [[0, 1], [2]]);
  await pass(FLUSH_MS);
  deepEqual(world.sent, [], "not sent twice");
});

Deno.test("a beacon that the browser refuses goes as a request", async () => {
  const { world, queue, add, settled } = setup();
  world.takesBeacons = false;
  add(1);
  queue.leave();
  await settled();
  deepEqual([world.beacons, world.sent, world.saved], [[], [[1]], [[1]]]);
});

Deno.test("kept events go first, but not twice", async () => {
  const { world, queue, add, pass } = setup();
  add(7);
  queue.restore(['{"id":3}', '{"id":7}']);
  await pass(0);
  deepEqual(world.sent, [[3, 7]]);
});

Deno.test("nothing leaves a held queue, and what is cleared never does", async () => {
  const { world, queue, add, pass } = setup();
  queue.hold(true);
  add(1, { isUrgent: true });
  await pass(FLUSH_MS);
  await queue.flush();
  queue.leave();
  deepEqual([world.sent, world.beacons, world.saved], [[], [], []]);
  queue.hold(false);
  await pass(0);
  deepEqual(world.sent, [[1]]);
  queue.hold(true);
  add(2);
  queue.clear();
  queue.hold(false);
  await pass(FLUSH_MS);
  deepEqual(world.sent, [[1]]);
});
