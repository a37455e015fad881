import { deepEqual, equal, ok } from "node:assert/strict";
import type { IngestedEvent } from "../../schema/event.ts";
import { aClick, anEvent, SECOND } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { FaultyStore } from "../../tests/fixtures/faulty_store.ts";
import {
  aBatch,
  actorSeqs,
  aRuntime,
  journalOf,
  outboxOf,
  type TestRuntime,
} from "../../tests/fixtures/runtime.ts";
import { forSeeds, type Random } from "../../tests/fixtures/seeded.ts";
import { MemoryStore } from "../stores/memory.ts";

const EVENTS = 1200;

function visit(random: Random): IngestedEvent[] {
  return Array.from({ length: EVENTS }, (_, i) => {
    const make = random.pick([anEvent, aClick]);
    return make({ id: `e${i}`, at: i * SECOND / 2 });
  });
}

/** Sends a batch until it is acknowledged, to whichever runtime comes up. */
async function deliver(
  events: IngestedEvent[],
  runtimes: TestRuntime[],
  random: Random,
): Promise<number> {
  let accepted = 0;
  while (true) {
    try {
      accepted += (await random.pick(runtimes).runtime.ingest(aBatch(events))).accepted;
      return accepted;
    } catch (error) {
      equal((error as { status?: number }).status, 503);
    }
  }
}

Deno.test("two runtimes fight for one actor: each event is applied once", () =>
  forSeeds(2, async (random) => {
    const clock = new FakeClock();
    const memory = new MemoryStore();
    const runtimes = [0, 1].map(() => {
      const faultOf = () => random.chance(0.5) ? "slow" as const : "none" as const;
      return aRuntime({ clock, store: new FaultyStore(memory, clock, faultOf) });
    });
    const events = visit(random);
    const sending: Promise<number>[] = [];
    for (let at = 0; at < EVENTS;) {
      const batch = events.slice(at, at += random.int(1, 60));
      sending.push(deliver(batch, runtimes, random));
      // What was sent to one may come once more to the other.
      if (random.chance(0.2)) sending.push(deliver(random.shuffled(batch), runtimes, random));
      await clock.advance(random.int(0, 20));
    }
    const accepted = await clock.until(Promise.all(sending));
    const journal = await journalOf(memory);
    deepEqual(
      journal.map(({ event }) => event.id).sort(),
      events.map(({ id }) => id).sort(),
    );
    equal(accepted.reduce((sum, n) => sum + n, 0), EVENTS, "accepted ids are applied ids");
    const [seqs = []] = [...(await actorSeqs(memory)).values()];
    deepEqual(seqs, seqs.map((_, i) => i + 1), "no gap in the actor's messages");
    const ids = (await outboxOf(memory)).flatMap((message) =>
      message.type === "signal" ? [message.data.id] : []
    );
    equal(new Set(ids).size, ids.length);
    const published = runtimes.flatMap(({ committed }) =>
      committed.flatMap(({ write }) => write.outbox.map(({ seq }) => seq))
    );
    deepEqual(published.sort(), (await outboxOf(memory)).map(({ seq }) => seq).sort());
  }));

Deno.test("a cache that went stale during a pause is noticed", async () => {
  const clock = new FakeClock();
  const memory = new MemoryStore();
  const [one, two] = [aRuntime({ clock, store: memory }), aRuntime({ clock, store: memory })];
  await one.send([anEvent({ id: "e0" })]);
  for (let i = 1; i < 50; i++) await two.send([anEvent({ id: `e${i}`, at: i })]);
  const { accepted, duplicates } = await one.send([
    anEvent({ id: "e7", at: 7 }),
    anEvent({ id: "e50", at: 50 }),
  ]);
  deepEqual([accepted, duplicates], [1, 1]);
  ok((await journalOf(memory)).length === 51);
});
