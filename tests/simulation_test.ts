import { deepEqual, equal, ok } from "node:assert/strict";
import { decodeRecord } from "../actors/runtime/record.ts";
import { MemoryStore } from "../actors/stores/memory.ts";
import { step } from "../engine/step.ts";
import type { ActorState, Effect } from "../engine/types.ts";
import type { IngestedEvent } from "../schema/event.ts";
import { aClick, anError, anEvent, MINUTE, settingsWith } from "./fixtures/events.ts";
import { FakeClock } from "./fixtures/fake_clock.ts";
import { FaultyStore, randomFaults } from "./fixtures/faulty_store.ts";
import { aBatch, aRuntime, journalOf, outboxOf, type TestRuntime } from "./fixtures/runtime.ts";
import { forSeeds, type Random } from "./fixtures/seeded.ts";
import { PROJECT } from "./fixtures/turn_writes.ts";

const SEEDS = 400;
const STEPS = 40;

/** Some isolates on one store, visitors, and clients that send again what was not acknowledged. */
class World {
  readonly clock = new FakeClock();
  readonly memory = new MemoryStore();
  readonly runtimes: TestRuntime[] = [];
  /** Everything that clients sent. */
  readonly sent: IngestedEvent[] = [];
  readonly published: string[] = [];
  readonly #unanswered = new Set<Promise<void>>();
  /** How many events were acknowledged as new. */
  accepted = 0;
  readonly faultRate: number;
  readonly #visitors: string[];
  #isBad = true;
  #nextId = 0;

  constructor(private readonly random: Random) {
    this.#visitors = Array.from({ length: random.int(1, 5) }, (_, i) => `visitor-${i}`);
    this.faultRate = random.pick([0, 0.1, 0.4]);
    const isolates = random.int(2, 3);
    for (let i = 0; i < isolates; i++) this.runtimes.push(this.#startIsolate());
  }

  async run() {
    for (let i = 0; i < STEPS; i++) await this.#act();
    this.#isBad = false;
    await this.clock.until(Promise.all(this.#unanswered));
    await this.clock.until(Promise.all(this.runtimes.map(({ runtime }) => runtime.idle())));
  }

  #startIsolate(): TestRuntime {
    const faults = randomFaults(this.random, this.faultRate);
    const faultOf: typeof faults = (call) => this.#isBad ? faults(call) : "none";
    const { clock, memory } = this;
    return aRuntime({
      clock,
      store: new FaultyStore(memory, clock, faultOf),
      onCommitted: (turns) => {
        for (const { write } of turns) this.published.push(...write.outbox.map(({ seq }) => seq));
      },
    });
  }

  async #act() {
    const { random, clock } = this;
    const dice = random.next();
    if (dice < 0.55) this.#send(this.#newEvents());
    else if (dice < 0.65 && this.sent.length > 0) this.#send([random.pick(this.sent)]);
    else if (dice < 0.8) await this.#ring();
    else if (dice < 0.85) this.runtimes[0] = this.#startIsolate();
    else if (dice < 0.9) await clock.advance(random.pick([29, 31, 45]) * MINUTE);
    await clock.advance(random.pick([0, 0, 3, 30, 900]));
  }

  #newEvents(): IngestedEvent[] {
    const { random, clock } = this;
    return Array.from({ length: random.int(1, 12) }, () => {
      const make = random.pick([aClick, aClick, aClick, anError, anEvent]);
      const event = make({
        id: `e${this.#nextId++}`,
        anonymous_id: random.pick(this.#visitors),
        timestamp_ms: clock.now() - random.int(0, 3000),
      });
      this.sent.push(event);
      return event;
    });
  }

  /** Sends a batch again and again, until it is acknowledged. */
  #send(events: IngestedEvent[]) {
    const sending = async () => {
      while (true) {
        const batch = aBatch(this.random.shuffled(events), { received_at: this.clock.now() });
        try {
          const answer = await this.random.pick(this.runtimes).runtime.ingest(batch);
          deepEqual(answer.failed, []);
          equal(answer.accepted + answer.duplicates, events.length);
          this.accepted += answer.accepted;
          return;
        } catch (error) {
          if ((error as { status?: number }).status !== 503) throw error;
        }
      }
    };
    const answered = sending().finally(() => this.#unanswered.delete(answered));
    this.#unanswered.add(answered);
  }

  /** Alarms fire: those that are due, and some before their time, at any isolate. */
  async #ring() {
    const early = this.random.pick([0, 0, 40 * MINUTE]);
    for (const due of await this.memory.dueAlarms(this.clock.now() + early, 10)) {
      this.random.pick(this.runtimes).runtime.wake(due);
    }
  }
}

/** What one actor would have come to, had all its events gone through one plain loop. */
async function reference(world: World, actor: string) {
  const effects: Effect[] = [];
  let state: ActorState | null = null;
  for (const entry of await journalOf(world.memory)) {
    if (entry.actor !== actor) continue;
    const { event, received_at, placement } = entry;
    const input = { type: "event", event, received_at } as const;
    const result = step(state, input, received_at, settingsWith());
    deepEqual(JSON.parse(JSON.stringify(result.placement)), placement);
    state = result.state;
    effects.push(...result.effects);
  }
  return { state, effects };
}

function figures(state: ActorState | null | undefined) {
  return state?.sessions.map(({ id, start, end, events, signals }) => ({
    id,
    start,
    end,
    events,
    signals,
  }));
}

function idsOf(effects: { type: string; data: { id: string; merged_from?: string } }[]) {
  // When a session's end is told depends on when its alarm fired.
  const told = effects.filter(({ type }) => type !== "session_ended");
  return told.map(({ type, data }) => [type, data.id, data.merged_from]);
}

async function check(world: World) {
  const { memory, sent } = world;
  const journal = await journalOf(memory);
  deepEqual(
    journal.map(({ event }) => event.id).sort(),
    sent.map(({ id }) => id).sort(),
    "what was accepted was applied, once",
  );
  ok(world.accepted <= sent.length, "no event is acknowledged as new twice");
  if (world.faultRate === 0) equal(world.accepted, sent.length);
  const outbox = await outboxOf(memory);
  const alarms = await memory.dueAlarms(Number.MAX_SAFE_INTEGER, 1000);
  for (const actor of new Set(journal.map((entry) => entry.actor))) {
    const mine = outbox.filter(({ origin }) => origin?.actor === actor);
    deepEqual(mine.map(({ origin }) => origin?.actor_seq), mine.map((_, i) => i + 1), "no gap");
    const expected = await reference(world, actor);
    deepEqual(idsOf(mine), idsOf(expected.effects), "the effects of the plain loop");
    const record = decodeRecord((await memory.load({ project_id: PROJECT, actor })).record ?? "");
    deepEqual(figures(record.state), figures(expected.state), "the sessions of the plain loop");
    deepEqual(
      alarms.filter(({ ref }) => ref.actor === actor).map(({ at }) => at),
      [record.alarm_at],
      "one stored alarm, and it is the one the actor knows",
    );
  }
  const signals = outbox.flatMap(({ type, data }) => type === "signal" ? [data.id] : []);
  equal(new Set(signals).size, signals.length, "each signal once");
  equal(new Set(world.published).size, world.published.length, "published once at most");
  const stored = new Set(outbox.map(({ seq }) => seq));
  ok(world.published.every((seq) => stored.has(seq)), "nothing is published that is not stored");
}

Deno.test("isolates that fail, stall and fight apply every accepted event exactly once", () =>
  forSeeds(SEEDS, async (random) => {
    const world = new World(random);
    await world.run();
    await check(world);
  }));
