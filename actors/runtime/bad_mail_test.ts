import { deepEqual, equal, rejects } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import type { IngestedEvent } from "../../schema/event.ts";
import { anEvent } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { FaultyStore } from "../../tests/fixtures/faulty_store.ts";
import { aRuntime, deadLettersOf, journalOf } from "../../tests/fixtures/runtime.ts";
import { MemoryStore } from "../stores/memory.ts";

function counts(answer: { accepted: number; duplicates: number; failed: unknown[] }) {
  return [answer.accepted, answer.duplicates, answer.failed.length];
}

Deno.test("too much waiting mail is answered with 503 overloaded, and nothing of it is kept", async () => {
  const { send, runtime } = aRuntime();
  const tooMany = new Array<IngestedEvent>(LIMITS.mailbox_events + 1).fill(anEvent());
  await rejects(
    () => send(tooMany, { received_at: 0 }),
    (error: { code: string; status: number; retryAfterS: number }) =>
      error.code === "overloaded" && error.status === 503 && error.retryAfterS > 0,
  );
  equal(runtime.gauges.waiting, 0);
});

Deno.test("a poisoned actor is quarantined while the others of its group commit", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock);
  const commit = store.commit.bind(store);
  store.commit = (group) => {
    if (group.turns.some(({ ref }) => ref.actor === "a:poison")) throw new TypeError("Too large");
    return commit(group);
  };
  const { send, problems } = aRuntime({ clock, store });
  const visitors = ["v1", "poison", "v2", "v3"];
  const answer = await send(visitors.map((anonymous_id) => anEvent({ anonymous_id })));
  deepEqual(counts(answer), [3, 0, 1]);
  deepEqual(answer.failed, [{ index: 1, reason: "could not be stored" }]);
  const letters = await deadLettersOf(store);
  equal(letters.length, 1);
  equal(JSON.parse(letters[0]?.raw ?? "").anonymous_id, "poison");
  equal((await journalOf(store)).length, 3);
  equal(problems.length, 1);
});

Deno.test("an event that the engine cannot take is a dead letter and sinks no other", async () => {
  const { send, store } = aRuntime();
  const answer = await send(
    [anEvent({ id: "e1" }), anEvent({ id: "bad", timestamp_ms: NaN }), anEvent({ id: "e2" })],
    { received_at: 0 },
  );
  deepEqual(counts(answer), [2, 0, 1]);
  equal(answer.failed[0]?.index, 1);
  deepEqual((await deadLettersOf(store)).map(({ id }) => id), ["bad"]);
});

Deno.test("what the edge rejected is stored before the batch is answered", async () => {
  const { send, store } = aRuntime();
  const rejected = [{ raw: { id: "bad" }, reason: "id: must not be empty" }];
  deepEqual(counts(await send([anEvent()], { rejected })), [1, 0, 0]);
  deepEqual(counts(await send([], { rejected, received_at: 0 })), [0, 0, 0]);
  deepEqual((await deadLettersOf(store)).map(({ reason }) => reason), [
    "id: must not be empty",
    "id: must not be empty",
  ]);
});

Deno.test("a batch whose dead letters cannot be stored is not acknowledged", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(
    new MemoryStore(),
    clock,
    (call, group) => call === "commit" && (group?.dead_letters.length ?? 0) > 0 ? "throws" : "none",
  );
  const { send } = aRuntime({ clock, store });
  const rejected = [{ raw: {}, reason: "no" }];
  await rejects(send([anEvent()], { rejected }), { code: "store_unavailable" });
  deepEqual(counts(await send([anEvent()])), [0, 1, 0], "its event had been stored");
});

Deno.test("a publisher that fails is reported, and stops neither answers nor later turns", async () => {
  let isBroken = true;
  const { send, problems, runtime } = aRuntime({
    onCommitted: () => {
      if (isBroken) throw new Error("Socket is gone");
    },
  });
  deepEqual(counts(await send([anEvent({ id: "e1" })])), [1, 0, 0]);
  equal(problems.length, 1);
  isBroken = false;
  deepEqual(counts(await send([anEvent({ id: "e2" })])), [1, 0, 0]);
  await runtime.idle();
});
