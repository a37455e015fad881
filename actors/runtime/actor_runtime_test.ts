import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import type { IngestedEvent } from "../../schema/event.ts";
import { anEvent, clicksAt, SECOND } from "../../tests/fixtures/events.ts";
import { FakeClock, settle } from "../../tests/fixtures/fake_clock.ts";
import { faultsInOrder, FaultyStore } from "../../tests/fixtures/faulty_store.ts";
import { aBatch, actorSeqs, aRuntime, journalOf, outboxOf } from "../../tests/fixtures/runtime.ts";
import { MemoryStore } from "../stores/memory.ts";

function manyEvents(count: number, over: Partial<IngestedEvent> = {}): IngestedEvent[] {
  return Array.from({ length: count }, (_, i) => anEvent({ id: `e${i}`, at: i, ...over }));
}

function counts(answer: { accepted: number; duplicates: number; failed: unknown[] }) {
  return [answer.accepted, answer.duplicates, answer.failed.length];
}

Deno.test("a batch is accepted, and its events are in the journal", async () => {
  const { send, store } = aRuntime();
  deepEqual(counts(await send(manyEvents(3))), [3, 0, 0]);
  const journal = await journalOf(store);
  deepEqual(journal.map(({ event }) => event.id), ["e0", "e1", "e2"]);
  equal(journal[0]?.actor, "a:ana");
  ok(journal[0]?.placement.session_id);
});

Deno.test("an id that comes again is a duplicate: in one batch, across batches, with other payload", async () => {
  const { send, store } = aRuntime();
  const event = anEvent({ id: "e1" });
  deepEqual(counts(await send([event, event, anEvent({ id: "e2" })])), [2, 1, 0]);
  deepEqual(counts(await send([event])), [0, 1, 0]);
  deepEqual(counts(await send([{ ...event, event: "click", timestamp_ms: 1 }])), [0, 1, 0]);
  equal((await journalOf(store)).length, 2);
});

Deno.test("the same id of another visitor or project is another event", async () => {
  const { send, store } = aRuntime();
  await send([anEvent({ id: "e1" })]);
  deepEqual(counts(await send([anEvent({ id: "e1", anonymous_id: "bob" })])), [1, 0, 0]);
  deepEqual(counts(await send([anEvent({ id: "e1" })], { project_id: "other" })), [1, 0, 0]);
  equal((await journalOf(store)).length, 2);
  equal((await journalOf(store, "other")).length, 1);
});

Deno.test("a runtime that starts anew knows what was stored before", async () => {
  const first = aRuntime();
  await first.send(manyEvents(300));
  const second = aRuntime({ store: first.store, clock: first.clock });
  deepEqual(counts(await second.send(manyEvents(302))), [2, 300, 0]);
});

Deno.test("an empty batch is answered at once and writes nothing", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock);
  const { send } = aRuntime({ clock, store });
  deepEqual(counts(await send([])), [0, 0, 0]);
  equal(store.commits.length, 0);
});

Deno.test("a batch of 500 takes several turns and is acknowledged after the last", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock, () => "slow");
  const { runtime } = aRuntime({ clock, store });
  let isAnswered = false;
  const answer = runtime.ingest(aBatch(manyEvents(500)));
  answer.then(() => isAnswered = true);
  while (!isAnswered) {
    const stored = (await journalOf(store)).length;
    ok([0, 200, 400, 500].includes(stored), `${stored} events stored`);
    await clock.advance(1);
    if (isAnswered) equal((await journalOf(store)).length, 500);
  }
  equal(store.commits.length, 3);
  deepEqual(counts(await answer), [500, 0, 0]);
});

Deno.test("large events make turns of fewer events", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock);
  const { send } = aRuntime({ clock, store });
  await send(manyEvents(40, { properties: { text: "x".repeat(30_000) } }));
  ok(store.commits.length >= 4, `${store.commits.length} commits`);
  for (const { turns } of store.commits) {
    const size = turns.flatMap(({ journal }) => journal).reduce(
      (n, { bytes }) => n + bytes.length,
      0,
    );
    ok(size <= LIMITS.turn_bytes + LIMITS.event_bytes, `${size} bytes`);
  }
  equal((await journalOf(store)).length, 40);
});

Deno.test("visitors of one moment share a commit, within the store's limits", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock);
  const { send } = aRuntime({ clock, store });
  const visitors = Array.from({ length: 250 }, (_, i) => anEvent({ anonymous_id: `v${i}` }));
  deepEqual(counts(await send(visitors)), [250, 0, 0]);
  deepEqual(store.commits.map(({ turns }) => turns.length), [100, 100, 50]);
});

Deno.test("nothing is published or acknowledged before its commit", async () => {
  const clock = new FakeClock();
  const inner = new MemoryStore();
  const gate = Promise.withResolvers<void>();
  const store = new FaultyStore(inner, clock);
  const commit = store.commit.bind(store);
  store.commit = async (group) => {
    await gate.promise;
    return commit(group);
  };
  const seen: string[] = [];
  const { runtime } = aRuntime({ clock, store, onCommitted: () => seen.push("published") });
  const answer = runtime.ingest(aBatch(clicksAt([0, 100, 200]))).then(() => seen.push("answered"));
  await clock.advance(10 * SECOND);
  deepEqual(seen, []);
  deepEqual(await outboxOf(inner), []);
  gate.resolve();
  await answer;
  deepEqual(seen, ["published", "answered"]);
});

Deno.test("what is published carries the seqs under which it is stored", async () => {
  const { send, store, committed } = aRuntime();
  await send(clicksAt([0, 100, 200]));
  const published = committed.flatMap(({ write }) => write.outbox.map(({ seq }) => seq));
  deepEqual((await outboxOf(store)).map(({ seq }) => seq), published);
  deepEqual((await outboxOf(store)).map(({ type }) => type), ["session_started", "signal"]);
});

Deno.test("a turn that failed publishes nothing and its batch can be sent again", async () => {
  const clock = new FakeClock();
  let isAway = true;
  const store = new FaultyStore(
    new MemoryStore(),
    clock,
    (call) => isAway && call === "commit" ? "throws" : "none",
  );
  const { send, committed, runtime, problems } = aRuntime({ clock, store });
  await rejects(send(clicksAt([0, 100, 200])), { code: "store_unavailable", status: 503 });
  equal(committed.length, 0);
  equal(problems.length, 1);
  equal(runtime.gauges.waiting, 0);
  isAway = false;
  deepEqual(counts(await send(clicksAt([0, 100, 200]))), [3, 0, 0]);
  equal((await outboxOf(store)).length, 2);
});

Deno.test("a store that cannot be read fails the batch, and the next one is taken", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock, faultsInOrder({ load: ["throws"] }));
  const { send } = aRuntime({ clock, store });
  await rejects(send(manyEvents(2)), { code: "store_unavailable" });
  deepEqual(counts(await send(manyEvents(2))), [2, 0, 0]);
});

Deno.test("an answer lost after the commit: applied once, acknowledged and published", async () => {
  const clock = new FakeClock();
  const faults = faultsInOrder({ commit: ["lost_answer"] });
  const store = new FaultyStore(new MemoryStore(), clock, faults);
  const { send, committed } = aRuntime({ clock, store });
  deepEqual(counts(await send(clicksAt([0, 100, 200]))), [3, 0, 0]);
  equal((await journalOf(store)).length, 3);
  equal(committed.length, 1);
  deepEqual(counts(await send([anEvent({ id: "next" })])), [1, 0, 0]);
});

Deno.test("a lost answer whose look-up fails as well is still published once", async () => {
  const clock = new FakeClock();
  const faults = faultsInOrder({ commit: ["lost_answer"], load: ["none", "throws"] });
  const store = new FaultyStore(new MemoryStore(), clock, faults);
  const { send, committed } = aRuntime({ clock, store });
  deepEqual(counts(await send(clicksAt([0, 100, 200]))), [3, 0, 0]);
  deepEqual(
    committed.flatMap(({ write }) => write.outbox.map(({ seq }) => seq)),
    (await outboxOf(store)).map(({ seq }) => seq),
  );
});

Deno.test("conflicts are folded again from what is stored", async () => {
  const clock = new FakeClock();
  const memory = new MemoryStore();
  const [one, two] = [aRuntime({ clock, store: memory }), aRuntime({ clock, store: memory })];
  await one.send([anEvent({ id: "e1" })]);
  await two.send([anEvent({ id: "e2", at: 1 })]);
  deepEqual(counts(await one.send([anEvent({ id: "e2", at: 1 }), anEvent({ id: "e3", at: 2 })])), [
    1,
    1,
    0,
  ]);
  equal((await journalOf(memory)).length, 3);
  deepEqual([...(await actorSeqs(memory)).values()], [[1]]);
});

Deno.test("conflicts without end are answered with 503 after all attempts", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(
    new MemoryStore(),
    clock,
    (call) => call === "commit" ? "conflict" : "none",
  );
  const { send } = aRuntime({ clock, store });
  await rejects(send(manyEvents(1)), { code: "store_unavailable" });
  equal(store.commits.length, LIMITS.commit_attempts);
});

Deno.test("idle waits for all mail", async () => {
  const { runtime, store } = aRuntime();
  void runtime.ingest(aBatch(manyEvents(300)));
  await runtime.idle();
  equal((await journalOf(store)).length, 300);
  equal(runtime.gauges.waiting, 0);
  await settle();
});
