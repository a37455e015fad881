import { deepEqual, equal } from "node:assert/strict";
import { anEvent, MINUTE, SECOND, settingsWith, T0 } from "../tests/fixtures/events.ts";
import { forSeeds, type Random } from "../tests/fixtures/seeded.ts";
import type { Session } from "../schema/session.ts";
import { step } from "./step.ts";
import type { ActorSettings, ActorState, Effect } from "./types.ts";

const ORDERS_PER_SEED = 150;

interface Timed {
  id: string;
  at: number;
}

/** The plainest sessionizer there is: sort, and cut at every gap. */
function sortedScan(events: Timed[], idleMs: number): Timed[][] {
  const sessions: Timed[][] = [];
  let last = -Infinity;
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    if (event.at - last > idleMs) sessions.push([]);
    sessions.at(-1)?.push(event);
    last = event.at;
  }
  return sessions;
}

/** Gaps that are short, just within the idle time, just beyond it, and far beyond it. */
function randomEvents(random: Random, idleMs: number): Timed[] {
  let at = T0;
  return Array.from({ length: random.int(1, 40) }, (_, i) => {
    at += random.pick([0, 1, 5 * SECOND, idleMs - 1, idleMs, idleMs + 1, idleMs * 2, idleMs * 9]);
    if (random.chance(0.5)) at += random.int(0, idleMs);
    return { id: `e${i}`, at };
  });
}

/** An order in which no event comes more than the grace behind a later one. */
function arrivals(random: Random, events: Timed[], graceMs: number): Timed[] {
  return events
    .map((event) => ({ event, key: event.at + random.int(0, graceMs) }))
    .sort((a, b) => a.key - b.key)
    .map(({ event }) => event);
}

interface Outcome {
  /** Ids of the events of each session, in order. */
  partition: string[][];
  started: number;
  merged: number;
  late: number;
  /** The last that was said of each session that is still one. */
  ends: Map<string, Session>;
  sessionOf: Map<string, string>;
}

class Observer {
  readonly #placed: [event: string, session: string | undefined][] = [];
  readonly #mergedInto = new Map<string, string>();
  readonly #ends = new Map<string, Session>();
  started = 0;
  late = 0;

  effects(effects: Effect[]) {
    for (const { type, data } of effects) {
      if (type === "session_started") this.started++;
      if (type === "session_ended") this.#ends.set(data.id, data);
      if (type === "session_merged") {
        this.#mergedInto.set(data.merged_from ?? "", data.id);
        this.#ends.delete(data.merged_from ?? "");
      }
    }
  }

  placed(event: string, session: string | undefined, late: boolean) {
    this.#placed.push([event, session]);
    if (late) this.late++;
  }

  outcome(order: Map<string, number>): Outcome {
    const sessionOf = new Map<string, string>();
    const groups = new Map<string, string[]>();
    for (const [event, placedIn] of this.#placed) {
      let session = placedIn ?? "none";
      for (let next; (next = this.#mergedInto.get(session)) !== undefined;) session = next;
      sessionOf.set(event, session);
      groups.set(session, [...groups.get(session) ?? [], event]);
    }
    const rank = (id: string | undefined) => order.get(id ?? "") ?? -1;
    const partition = [...groups.values()]
      .map((ids) => ids.sort((a, b) => rank(a) - rank(b)))
      .sort((a, b) => rank(a[0]) - rank(b[0]));
    const { started, late } = this;
    return {
      partition,
      started,
      merged: this.#mergedInto.size,
      late,
      ends: this.#ends,
      sessionOf,
    };
  }
}

/** Feeds the engine in this order, with alarms that fire early, twice and on time in between. */
function run(events: Timed[], settings: ActorSettings, random: Random): Outcome {
  const observer = new Observer();
  let state: ActorState | null = null;
  let received = T0;
  let alarmAt: number | undefined;
  const ring = (now: number) => {
    const result = step(state, { type: "alarm" }, now, settings);
    state = result.state;
    alarmAt = result.alarm_at;
    observer.effects(result.effects);
  };
  for (const { id, at } of events) {
    received = Math.max(received, at);
    const event = anEvent({ id, timestamp_ms: at });
    const input = { type: "event", event, received_at: received } as const;
    const result = step(state, input, received, settings);
    state = result.state;
    alarmAt = result.alarm_at;
    observer.effects(result.effects);
    observer.placed(id, result.placement?.session_id, result.placement?.late ?? true);
    if (random.chance(0.2)) ring(received);
    if (random.chance(0.2) && alarmAt !== undefined) ring(alarmAt);
  }
  if (alarmAt !== undefined) ring(alarmAt);
  return observer.outcome(new Map(events.toSorted((a, b) => a.at - b.at).map((e, i) => [e.id, i])));
}

Deno.test("SES-9 any order of arrival within the grace gives the sessions of the sorted order", () =>
  forSeeds(20, (random) => {
    const settings = settingsWith({
      idle_ms: random.pick([MINUTE, 30 * MINUTE]),
      grace_ms: random.pick([MINUTE, 15 * MINUTE]),
      max_session_ms: 1000 * 60 * MINUTE,
      clamp: false,
    });
    for (let i = 0; i < ORDERS_PER_SEED; i++) {
      const events = randomEvents(random, settings.idle_ms);
      const expected = sortedScan(events, settings.idle_ms);
      const outcome = run(arrivals(random, events, settings.grace_ms), settings, random);
      equal(outcome.late, 0);
      // Times may be equal, so what is compared is which times are together.
      const timesOf = new Map(events.map(({ id, at }) => [id, at]));
      deepEqual(
        outcome.partition.map((ids) => ids.map((id) => timesOf.get(id))),
        expected.map((group) => group.map(({ at }) => at)),
      );
      equal(outcome.started - outcome.merged, expected.length);
    }
  }));

Deno.test("SES-10 in any order of arrival the last end of each session has its true figures", () =>
  forSeeds(10, (random) => {
    const settings = settingsWith({ max_session_ms: 1000 * 60 * MINUTE, clamp: false });
    for (let i = 0; i < ORDERS_PER_SEED; i++) {
      const events = randomEvents(random, settings.idle_ms);
      const outcome = run(arrivals(random, events, settings.grace_ms), settings, random);
      const expected = sortedScan(events, settings.idle_ms);
      equal(outcome.ends.size, expected.length);
      for (const group of expected) {
        const end = outcome.ends.get(outcome.sessionOf.get(group[0]?.id ?? "") ?? "");
        equal(end?.events_count, group.length);
        equal(end?.started_at, new Date(group[0]?.at ?? NaN).toISOString());
        equal(end?.ended_at, new Date(group.at(-1)?.at ?? NaN).toISOString());
      }
    }
  }));

Deno.test("SES-8 in any order at all, what comes too late is counted and the rest has a session", () =>
  forSeeds(10, (random) => {
    const settings = settingsWith({ clamp: false });
    for (let i = 0; i < ORDERS_PER_SEED; i++) {
      const events = random.shuffled(randomEvents(random, settings.idle_ms));
      const outcome = run(events, settings, random);
      let watermark = -Infinity;
      let late = 0;
      for (const { at } of events) {
        if (at < watermark - settings.grace_ms) late++;
        watermark = Math.max(watermark, at);
      }
      equal(outcome.late, late);
      equal(outcome.partition.flat().length, events.length);
    }
  }));
