import { deepEqual, equal } from "node:assert/strict";
import { LIMITS } from "../schema/limits.ts";
import {
  anEvent,
  clicksAt,
  eventInput,
  fold,
  foldEvents,
  HOUR,
  MINUTE,
  sessionsOf,
  settingsWith,
  T0,
} from "../tests/fixtures/events.ts";
import { forget } from "./sessionize.ts";

/** Events at these minutes, in this order of arrival, all received at the latest of them. */
function atMinutes(minutes: number[], settings = settingsWith()) {
  const received_at = T0 + Math.max(...minutes) * MINUTE;
  const inputs = minutes.map((minute) =>
    eventInput(anEvent({ id: `e${minute}`, at: minute * MINUTE }), { received_at })
  );
  return fold(inputs, settings);
}

function sessionCount(minutes: number[], settings = settingsWith()): number {
  const { effects } = atMinutes(minutes, settings);
  return sessionsOf(effects, "session_started").length -
    sessionsOf(effects, "session_merged").length;
}

function spans({ state }: ReturnType<typeof fold>): [number, number][] {
  return (state?.sessions ?? []).map(({ start, end }) => [
    (start - T0) / MINUTE,
    (end - T0) / MINUTE,
  ]);
}

Deno.test("SES-1 a gap of exactly 30 min stays in the session, a millisecond more starts one", () => {
  const idle = 30 * MINUTE;
  const inside = foldEvents([anEvent(), anEvent({ at: idle })]);
  equal(sessionsOf(inside.effects, "session_started").length, 1);
  const outside = foldEvents([anEvent(), anEvent({ at: idle + 1 })]);
  equal(sessionsOf(outside.effects, "session_started").length, 2);
});

Deno.test("SES-1 the gap counts from the last event, not from the start", () => {
  equal(sessionCount([0, 29, 58, 87, 116]), 1);
});

Deno.test("SES-2 the first event beyond 24 h starts a new session; one at 24 h does not", () => {
  const minutes = Array.from({ length: 24 * 3 + 1 }, (_, i) => i * 20);
  const settings = settingsWith({ clamp: false });
  equal(sessionCount(minutes, settings), 1);
  const beyond = atMinutes([...minutes, 24 * 60 + 1], settings);
  equal(sessionsOf(beyond.effects, "session_started").length, 2);
  equal(beyond.state?.sessions.at(-1)?.start, T0 + (24 * 60 + 1) * MINUTE);
});

Deno.test("SES-2 a late event does not stretch a session backwards beyond the maximum", () => {
  const settings = settingsWith({ max_session_ms: 10 * MINUTE });
  deepEqual(spans(atMinutes([11, 20, 10], settings)), [[10, 20]]);
  deepEqual(spans(atMinutes([11, 20, 9], settings)), [[9, 9], [11, 20]]);
});

Deno.test("SES-3 midnight, another client session and a campaign split nothing", () => {
  const toMidnight = 12 * HOUR;
  const { state, effects } = foldEvents([
    anEvent({ at: toMidnight - MINUTE, client_session_id: "one" }),
    anEvent({ at: toMidnight + MINUTE, client_session_id: "two" }),
    anEvent({
      at: toMidnight + 2 * MINUTE,
      properties: { url: "https://shop.test/?utm_source=mail", utm_campaign: "spring" },
    }),
  ]);
  equal(state?.sessions.length, 1);
  equal(sessionsOf(effects, "session_started")[0]?.client_session_id, "one");
});

Deno.test("SES-4 an event before a session extends it backwards under the same id", () => {
  const folded = atMinutes([20, 10]);
  deepEqual(spans(folded), [[10, 20]]);
  equal(folded.placements[0]?.session_id, folded.placements[1]?.session_id);
  equal(sessionsOf(folded.effects, "session_started").length, 1);
});

Deno.test("SES-4 an event too far before a session starts one of its own, which is over at once", () => {
  const settings = settingsWith({ idle_ms: 5 * MINUTE });
  const folded = atMinutes([20, 14], settings);
  deepEqual(spans(folded), [[14, 14], [20, 20]]);
  equal(sessionsOf(folded.effects, "session_ended")[0]?.id, folded.placements[1]?.session_id);
});

Deno.test("SES-5 an event between two sessions joins them under the earlier one's id", () => {
  const settings = settingsWith({ idle_ms: 5 * MINUTE });
  const folded = atMinutes([0, 9, 5], settings);
  const [first, second, between] = folded.placements.map(({ session_id }) => session_id);
  equal(between, first);
  const merged = sessionsOf(folded.effects, "session_merged");
  equal(merged.length, 1);
  equal(merged[0]?.id, first);
  equal(merged[0]?.merged_from, second);
  equal(merged[0]?.events_count, 3);
  deepEqual(spans(folded), [[0, 9]]);
});

Deno.test("SES-5 a joined session has the events and signals of both", () => {
  const settings = settingsWith({ idle_ms: 5 * MINUTE });
  const events = [
    ...clicksAt([0, 100, 200]),
    ...clicksAt([0, 100, 200, 300].map((at) => at + 9 * MINUTE)),
    anEvent({ id: "between", at: 5 * MINUTE }),
  ];
  const { effects, state } = foldEvents(events, settings);
  const [merged] = sessionsOf(effects, "session_merged");
  deepEqual([merged?.events_count, merged?.signals_count], [8, 2]);
  equal(state?.sessions[0]?.ended, false, "it is the current one");
});

Deno.test("SES-5 nothing is joined that one event does not reach on both sides", () => {
  const settings = settingsWith({ idle_ms: 5 * MINUTE });
  const oneSide = atMinutes([0, 11, 5], settings);
  equal(sessionsOf(oneSide.effects, "session_merged").length, 0);
  deepEqual(spans(oneSide), [[0, 5], [11, 11]]);
  const neither = atMinutes([0, 14, 7], settings);
  deepEqual(spans(neither), [[0, 0], [7, 7], [14, 14]]);
});

Deno.test("SES-6 a join beyond the maximum does not happen: the event goes to the earlier one", () => {
  const settings = settingsWith({ idle_ms: 5 * MINUTE, max_session_ms: 12 * MINUTE });
  const folded = atMinutes([0, 4, 13, 9], settings);
  equal(sessionsOf(folded.effects, "session_merged").length, 0);
  deepEqual(spans(folded), [[0, 9], [13, 13]]);
  deepEqual(spans(atMinutes([1, 4, 13, 9], settings)), [[1, 13]], "12 min are not beyond");
});

Deno.test("SES-7 sessions beyond the reach of a late event are let go, the last one never", () => {
  const rules = settingsWith();
  const session = (minute: number) => ({
    id: `s${minute}`,
    start: minute * MINUTE,
    end: minute * MINUTE,
    events: 1,
    signals: 0,
    ended: true,
  });
  const all = [session(0), session(100), session(200)];
  const left = (watermark: number) => forget(all, watermark, rules).map(({ id }) => id);
  deepEqual(left(45 * MINUTE), ["s0", "s100", "s200"]);
  deepEqual(left(45 * MINUTE + 1), ["s100", "s200"]);
  deepEqual(left(10_000 * MINUTE), ["s200"]);
  deepEqual(forget([], 0, rules), []);
});

Deno.test("SES-7 at most 20 sessions are kept", () => {
  const settings = settingsWith({ idle_ms: MINUTE, grace_ms: 10 * HOUR });
  const minutes = Array.from({ length: 50 }, (_, i) => i * 2);
  const { state } = atMinutes(minutes, settings);
  equal(state?.sessions.length, LIMITS.state_sessions);
  equal(state?.sessions.at(-1)?.start, T0 + 98 * MINUTE);
});

Deno.test("SES-8 an event behind the grace is stored and counted, and moves no session", () => {
  const before = atMinutes([0, 60]);
  const late = eventInput(anEvent({ id: "late", at: 44 * MINUTE }), {
    received_at: T0 + HOUR,
  });
  const after = fold([late], settingsWith(), before.state);
  deepEqual(after.effects, []);
  deepEqual(after.placements, [{ at: T0 + 44 * MINUTE, session_id: undefined, late: true }]);
  deepEqual(after.state?.sessions, before.state?.sessions);
  equal(after.state?.late_events, 1);
});

Deno.test("SES-8 an event exactly as late as the grace allows still counts", () => {
  const { placements, state } = atMinutes([60, 45]);
  equal(placements[1]?.late, false);
  equal(state?.late_events, 0);
});

Deno.test("SES-8 a late event inside a session is put into it without changing its figures", () => {
  const { state, placements } = atMinutes([0, 20, 40, 10]);
  deepEqual(placements[3], {
    at: T0 + 10 * MINUTE,
    session_id: placements[0]?.session_id,
    late: true,
  });
  equal(state?.sessions[0]?.events, 3);
});

Deno.test("SES-10 a session starts with its first event, and ends when a later one starts", () => {
  const first = foldEvents([anEvent()]);
  deepEqual(first.effects.map(({ type }) => type), ["session_started"]);
  const second = fold([eventInput(anEvent({ at: HOUR }))], settingsWith(), first.state);
  deepEqual(second.effects.map(({ type }) => type), ["session_ended", "session_started"]);
  const third = fold([eventInput(anEvent({ at: HOUR + MINUTE }))], settingsWith(), second.state);
  deepEqual(third.effects, []);
});

Deno.test("SES-10 a late event into an ended session sends its end again with the new figures", () => {
  const { effects, placements } = atMinutes([0, 10, 3], settingsWith({ idle_ms: 5 * MINUTE }));
  const ends = sessionsOf(effects, "session_ended");
  deepEqual(ends.map(({ id }) => id), [placements[0]?.session_id, placements[0]?.session_id]);
  deepEqual(ends.map(({ events_count }) => events_count), [1, 2]);
  equal(ends[1]?.ended_at, new Date(T0 + 3 * MINUTE).toISOString());
});

Deno.test("SES-10 an event into the running session ends nothing", () => {
  const { effects } = atMinutes([0, 10, 5, 20]);
  deepEqual(effects.map(({ type }) => type), ["session_started"]);
});
