import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import type { IngestedEvent } from "../schema/event.ts";
import {
  aClick,
  anError,
  anEvent,
  clicksAt,
  deepFreeze,
  eventInput,
  fold,
  foldEvents,
  HOUR,
  MINUTE,
  SECOND,
  sessionsOf,
  settingsWith,
  T0,
} from "../tests/fixtures/events.ts";
import { forSeeds, type Random } from "../tests/fixtures/seeded.ts";
import { actorKey } from "./actor_key.ts";
import { step } from "./step.ts";
import type { ActorState, StepInput } from "./types.ts";

const IDLE_MS = 30 * MINUTE;

function randomEvent(random: Random, i: number): IngestedEvent {
  const about = { id: `e${i}`, at: random.int(0, 90 * MINUTE) };
  const make = random.pick([anEvent, aClick, anError]);
  return make({ ...about, user_id: random.chance(0.1) ? "u1" : undefined });
}

Deno.test("STEP-1 a step changes nothing it was given, and gives the same again", () =>
  forSeeds(15, (random) => {
    const settings = deepFreeze(settingsWith({ detectors: { rage_click: { max_gap_ms: 5000 } } }));
    let state: ActorState | null = null;
    let now = T0;
    for (let i = 0; i < 120; i++) {
      now += random.int(0, 5 * MINUTE);
      const input: StepInput = random.chance(0.15)
        ? { type: "alarm" }
        : eventInput(randomEvent(random, i), { received_at: now });
      deepFreeze(input);
      const given: ActorState | null = deepFreeze(state);
      const first = step(given, input, now, settings);
      deepEqual(step(given, input, now, settings), first);
      // What is stored in between is JSON: it must not matter whether it was.
      const stored = JSON.parse(JSON.stringify(first.state)) as ActorState;
      equal(JSON.stringify(stored), JSON.stringify(first.state));
      state = random.chance(0.5) ? stored : first.state;
    }
  }));

Deno.test("STEP-1 folding stored JSON gives the same effects as folding live state", () =>
  forSeeds(5, (random) => {
    const events = Array.from({ length: 80 }, (_, i) => randomEvent(random, i));
    const live = foldEvents(events);
    let state: ActorState | null = null;
    const effects = [];
    for (const event of events) {
      const result = step(state, eventInput(event), event.timestamp_ms, settingsWith());
      state = JSON.parse(JSON.stringify(result.state)) as ActorState;
      effects.push(...result.effects);
    }
    deepEqual(JSON.stringify(effects), JSON.stringify(live.effects));
  }));

Deno.test("STEP-2 a session's id comes from the actor and its first event alone", () => {
  const one = foldEvents([anEvent({ id: "e1" })]);
  const same = foldEvents([anEvent({ id: "e1", at: 5 * HOUR, client_session_id: "x" })]);
  const otherEvent = foldEvents([anEvent({ id: "e2" })]);
  const otherActor = foldEvents([anEvent({ id: "e1", anonymous_id: "bob" })]);
  const id = one.placements[0]?.session_id;
  match(id ?? "", /^ses_[0-9a-f]{32}$/);
  equal(same.placements[0]?.session_id, id);
  notEqual(otherEvent.placements[0]?.session_id, id);
  notEqual(otherActor.placements[0]?.session_id, id);
});

Deno.test("STEP-3 an event belongs to its visitor, or to its person where there is no visitor", () => {
  equal(actorKey({ anonymous_id: "ana", user_id: "u1" }), "a:ana");
  equal(actorKey({ user_id: "u1" }), "u:u1");
  equal(actorKey({ anonymous_id: "", user_id: "u1" }), "u:u1");
  notEqual(actorKey({ anonymous_id: "x" }), actorKey({ user_id: "x" }));
  notEqual(actorKey({ anonymous_id: "u:x" }), actorKey({ user_id: "x" }));
  throws(() => actorKey({}), TypeError);
});

Deno.test("STEP-4 a user_id names the actor's person from then on", () => {
  const { state, effects } = foldEvents([
    anEvent(),
    anEvent({ at: 1, user_id: "u1" }),
    ...clicksAt([SECOND, 1200, 1400]),
    anEvent({ at: 3 * HOUR }),
  ]);
  equal(state?.user_id, "u1");
  equal(sessionsOf(effects, "session_started")[0]?.user_id, undefined);
  equal(sessionsOf(effects, "session_started")[1]?.user_id, "u1");
  const signal = effects.find(({ type }) => type === "signal");
  equal(signal?.data.user_id, "u1");
});

Deno.test("STEP-4 identify names the person in its properties; no other event does", () => {
  const identify = anEvent({ event: "identify", properties: { user_id: "u1" } });
  equal(foldEvents([identify]).state?.user_id, "u1");
  const other = anEvent({ event: "page_view", properties: { user_id: "u1" } });
  equal(foldEvents([other]).state?.user_id, undefined);
  for (const user_id of ["", 7, null, { id: "u1" }, "u".repeat(201), "\ud800"]) {
    const odd = anEvent({ event: "identify", properties: { user_id } });
    equal(foldEvents([odd]).state?.user_id, undefined);
  }
  const both = anEvent({ event: "identify", user_id: "own", properties: { user_id: "u1" } });
  equal(foldEvents([both]).state?.user_id, "own");
});

Deno.test("ALARM-1 an open session asks to be woken 30 min and 1 ms after its last receipt", () => {
  const { alarm_at } = fold([eventInput(anEvent(), { received_at: T0 + 7 * SECOND })]);
  equal(alarm_at, T0 + 7 * SECOND + IDLE_MS + 1);
});

Deno.test("ALARM-1 the alarm ends the session, and then the actor asks for none", () => {
  const { alarm_at, state } = foldEvents([anEvent()]);
  const rung = fold([{ type: "alarm", now: alarm_at ?? NaN }], settingsWith(), state);
  deepEqual(rung.effects.map(({ type }) => type), ["session_ended"]);
  equal(rung.alarm_at, undefined);
  equal(rung.state?.sessions[0]?.ended, true);
});

Deno.test("ALARM-2 an alarm that is early, double or without an actor changes nothing", () => {
  const { alarm_at = NaN, state } = foldEvents([anEvent()]);
  const early = fold([{ type: "alarm", now: alarm_at - 1 }], settingsWith(), state);
  deepEqual(early.state, state);
  deepEqual(early.effects, []);
  equal(early.alarm_at, alarm_at);
  const twice = fold(
    [{ type: "alarm", now: alarm_at }, { type: "alarm", now: alarm_at + HOUR }],
    settingsWith(),
    state,
  );
  equal(twice.effects.length, 1);
  deepEqual(fold([{ type: "alarm", now: T0 }]).effects, []);
});

Deno.test("ALARM-2 an alarm for a session that has gone on waits for the later time", () => {
  const { state } = foldEvents([anEvent(), anEvent({ at: 20 * MINUTE })]);
  const rung = fold([{ type: "alarm", now: T0 + IDLE_MS + 1 }], settingsWith(), state);
  deepEqual(rung.effects, []);
  equal(rung.alarm_at, T0 + 20 * MINUTE + IDLE_MS + 1);
});

Deno.test("ALARM-2 an event after the alarm goes on with the session, which ends again later", () => {
  const { alarm_at = NaN, state } = foldEvents([anEvent()]);
  const { effects, alarm_at: next = NaN, state: open } = fold(
    [
      { type: "alarm", now: alarm_at },
      eventInput(anEvent({ at: 25 * MINUTE }), { received_at: alarm_at + MINUTE }),
    ],
    settingsWith(),
    state,
  );
  equal(sessionsOf(effects, "session_started").length, 0);
  const again = fold([{ type: "alarm", now: next }], settingsWith(), open);
  equal(sessionsOf(again.effects, "session_ended")[0]?.events_count, 2);
});

Deno.test("DET-1 detectors see neither late events nor those of an earlier session", () => {
  const settings = settingsWith({ idle_ms: 5 * MINUTE });
  const current = eventInput(anEvent({ at: 14 * MINUTE }));
  const received_at = T0 + 14 * MINUTE;
  const earlier = clicksAt([0, 100, 200, 300]).map((event) => eventInput(event, { received_at }));
  const { signals, state } = fold([current, ...earlier], settings);
  equal(signals.length, 0);
  equal(state?.sessions.length, 2);
  const late = clicksAt([-1, -2, -3, -4].map((i) => i * 100 - MINUTE));
  const lately = fold(late.map((event) => eventInput(event, { received_at })), settings, state);
  equal(lately.signals.length, 0);
  equal(lately.state?.late_events, 4);
});

Deno.test("DET-2 detectors begin anew with each session", () => {
  const settings = settingsWith({ idle_ms: 500 });
  const { signals } = foldEvents(clicksAt([0, 500, 1001, 1501]), settings);
  equal(signals.length, 0, "two clicks in each session");
  equal(foldEvents(clicksAt([0, 500, 1000, 1500]), settings).signals.length, 1);
});

Deno.test("DET-3 a project changes a threshold by name, or switches a detector off", () => {
  const clicks = clicksAt([0, 1500, 3000]);
  equal(foldEvents(clicks).signals.length, 0);
  const wide = settingsWith({ detectors: { rage_click: { max_gap_ms: 1500 } } });
  equal(foldEvents(clicks, wide).signals.length, 1);
  const off = settingsWith({ detectors: { rage_click: false } });
  equal(foldEvents(clicksAt([0, 100, 200]), off).signals.length, 0);
  const other = settingsWith({ detectors: { no_such_detector: { x: 1 } } });
  equal(foldEvents(clicksAt([0, 100, 200]), other).signals.length, 1);
});

Deno.test("DET-4 folding the same events again gives the same signals, and other actors others", () => {
  const events = [...clicksAt([0, 100, 200]), anError({ at: 300 })];
  const { signals } = foldEvents(events);
  equal(signals.length, 2);
  deepEqual(foldEvents(events).signals, signals);
  equal(new Set(signals.map(({ id }) => id)).size, 2);
  const bob = foldEvents(events.map((event) => ({ ...event, anonymous_id: "bob" })));
  ok(bob.signals.every(({ id }) => !signals.some((other) => other.id === id)));
});

Deno.test("DET-4 a signal counts in its session and names it", () => {
  const { signals, state, effects, placements } = foldEvents(clicksAt([0, 100, 200]));
  equal(signals[0]?.session_id, placements[0]?.session_id);
  equal(signals[0]?.event_id, "click2@200");
  equal(signals[0]?.at, new Date(T0 + 200).toISOString());
  equal(state?.sessions[0]?.signals, 1);
  deepEqual(effects.map(({ type }) => type), ["session_started", "signal"]);
});
