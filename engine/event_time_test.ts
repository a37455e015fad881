import { deepEqual, equal } from "node:assert/strict";
import {
  aClick,
  anEvent,
  eventInput,
  fold,
  HOUR,
  MINUTE,
  SECOND,
  settingsWith,
  T0,
} from "../tests/fixtures/events.ts";
import { clampToReceipt, estimateSkew } from "./event_time.ts";

/** One event of a device whose clock is wrong by `clock`, received `delay` after it was sent. */
function fromDevice(at: number, clock: number, delay = 0) {
  const event = anEvent({ id: `e${at}`, at: at + clock });
  return eventInput(event, { received_at: T0 + at + delay, sent_at: T0 + at + clock });
}

Deno.test("TIME-1 a wrong clock is put right by the skew of the session's first batch", () => {
  const { placements } = fold([fromDevice(0, -2 * HOUR), fromDevice(MINUTE, -2 * HOUR)]);
  deepEqual(placements.map(({ at }) => at), [T0, T0 + MINUTE]);
});

Deno.test("TIME-1 the skew stays within a session though later batches tell another", () => {
  const { placements } = fold([
    fromDevice(0, HOUR),
    fromDevice(MINUTE, HOUR, 40 * SECOND),
    fromDevice(2 * MINUTE, HOUR, 0),
  ]);
  deepEqual(placements.map(({ at }) => at - T0), [0, MINUTE, 2 * MINUTE]);
});

Deno.test("TIME-1 the next session estimates its skew anew", () => {
  const { placements } = fold([fromDevice(0, -HOUR), fromDevice(5 * HOUR, 0)]);
  deepEqual(placements.map(({ at }) => at - T0), [0, 5 * HOUR]);
});

Deno.test("TIME-1 a clock put right within a session moves neither its events nor its skew", () => {
  const { placements, state } = fold([
    fromDevice(0, -HOUR),
    fromDevice(MINUTE, 0),
    fromDevice(2 * MINUTE, -HOUR),
  ], settingsWith({ clamp: false }));
  deepEqual(placements.map(({ at }) => at - T0), [0, MINUTE, 2 * MINUTE]);
  equal(state?.skew_ms, HOUR);
  equal(state?.sessions.length, 1);
});

Deno.test("TIME-1 a late event that starts an earlier session leaves the current one's skew", () => {
  const settings = settingsWith({ idle_ms: MINUTE });
  const { placements, state } = fold([
    fromDevice(10 * MINUTE, HOUR),
    { ...fromDevice(5 * MINUTE, HOUR), received_at: T0 + 10 * MINUTE },
    fromDevice(10 * MINUTE + SECOND, HOUR),
  ], settings);
  deepEqual(placements.map(({ at }) => at - T0), [
    10 * MINUTE,
    5 * MINUTE,
    10 * MINUTE + SECOND,
  ]);
  equal(state?.skew_ms, -HOUR);
});

Deno.test("TIME-2 a difference under 10 s is network delay, and no sent_at is no skew", () => {
  equal(estimateSkew(T0 + 9999, T0), 0);
  equal(estimateSkew(T0 - 9999, T0), 0);
  equal(estimateSkew(T0 + 10_000, T0), 10_000);
  equal(estimateSkew(T0 - 10_000, T0), -10_000);
  equal(estimateSkew(T0, undefined), 0);
});

Deno.test("TIME-3 a time is clamped to between 24 h before and 5 min after receipt", () => {
  equal(clampToReceipt(T0 - 24 * HOUR, T0), T0 - 24 * HOUR);
  equal(clampToReceipt(T0 - 24 * HOUR - 1, T0), T0 - 24 * HOUR);
  equal(clampToReceipt(T0 + 5 * MINUTE, T0), T0 + 5 * MINUTE);
  equal(clampToReceipt(T0 + 5 * MINUTE + 1, T0), T0 + 5 * MINUTE);
  equal(clampToReceipt(Date.UTC(9999, 0, 1), T0), T0 + 5 * MINUTE);
});

Deno.test("TIME-3 the clamp comes after the skew, and replay goes without it", () => {
  const ancient = eventInput(anEvent({ at: -400 * HOUR }), { received_at: T0 });
  equal(fold([ancient]).placements[0]?.at, T0 - 24 * HOUR);
  equal(fold([ancient], settingsWith({ clamp: false })).placements[0]?.at, T0 - 400 * HOUR);
  const wrongClock = fromDevice(0, -400 * HOUR);
  equal(fold([wrongClock]).placements[0]?.at, T0, "the skew brings it within the clamp");
});

Deno.test("TIME-3 clicks minutes apart that are clamped to one instant are no rage click", () => {
  const clicks = [60, 61, 62, 63].map((minute) =>
    eventInput(aClick({ id: `e${minute}`, at: minute * MINUTE }), { received_at: T0 })
  );
  const { effects, placements } = fold(clicks);
  equal(new Set(placements.map((placement) => placement?.at)).size, 1);
  equal(effects.filter(({ type }) => type === "signal").length, 0);
});

Deno.test("TIME-4 a device that was offline and sends in order is never late", () => {
  const minutes = [0, 10, 30, 50, 90, 200, 600];
  const { placements, state } = fold(
    minutes.map((minute) =>
      eventInput(anEvent({ id: `e${minute}`, at: minute * MINUTE }), {
        received_at: T0 + 11 * HOUR,
      })
    ),
  );
  deepEqual(placements.map(({ late }) => late), minutes.map(() => false));
  equal(state?.watermark, T0 + 600 * MINUTE);
  equal(state?.late_events, 0);
});

Deno.test("TIME-4 the watermark never goes back, and receipt does not move it", () => {
  const { state } = fold([
    eventInput(anEvent({ at: 10 * MINUTE }), { received_at: T0 + 10 * MINUTE }),
    eventInput(anEvent({ at: 5 * MINUTE }), { received_at: T0 + 3 * HOUR }),
  ]);
  equal(state?.watermark, T0 + 10 * MINUTE);
});
