import { deepEqual, equal, ok } from "node:assert/strict";
import type { IngestedEvent } from "../schema/event.ts";
import { LIMITS } from "../schema/limits.ts";
import {
  aClick,
  anError,
  anEvent,
  eventInput,
  MINUTE,
  settingsWith,
  T0,
} from "../tests/fixtures/events.ts";
import { forSeeds, type Random } from "../tests/fixtures/seeded.ts";
import { fitState } from "./fit_state.ts";
import { step } from "./step.ts";
import type { ActorState, OpenSession } from "./types.ts";

function bytesOf(json: string): number {
  return new TextEncoder().encode(json).length;
}

function session(i: number, text = ""): OpenSession {
  return {
    id: `ses_${i}`,
    start: T0 + i,
    end: T0 + i,
    events: 1,
    signals: 0,
    ended: true,
    client_id: text,
  };
}

function aState(over: Partial<ActorState> = {}): ActorState {
  return {
    v: 1,
    watermark: T0,
    received: T0,
    skew_ms: 0,
    sessions: [session(0)],
    detectors: {},
    late_events: 0,
    ...over,
  };
}

Deno.test("STEP-5 a state that fits is left as it is", () => {
  const state = aState({ detectors: { a: "x".repeat(7000) } });
  const fitted = fitState(state);
  equal(fitted.state, state);
  equal(fitted.cut, false);
  equal(fitted.json, JSON.stringify(state));
});

Deno.test("STEP-5 detector states go first, the largest before the others", () => {
  const state = aState({
    sessions: [session(0), session(1)],
    detectors: { small: "x".repeat(100), large: "x".repeat(6000), middle: "x".repeat(3000) },
  });
  const fitted = fitState(state);
  deepEqual(Object.keys(fitted.state.detectors), ["small", "middle"]);
  equal(fitted.state.sessions.length, 2);
  equal(fitted.cut, true);
  equal(state.detectors.large, "x".repeat(6000), "the state given is as it was");
});

Deno.test("STEP-5 then the oldest sessions go, and the current one never", () => {
  const sessions = Array.from({ length: 20 }, (_, i) => session(i, "日".repeat(200)));
  const { state, json } = fitState(aState({ sessions, detectors: { a: "x".repeat(500) } }));
  deepEqual(state.detectors, {});
  ok(state.sessions.length < 20);
  equal(state.sessions.at(-1)?.id, "ses_19");
  ok(bytesOf(json) <= LIMITS.state_bytes);
});

Deno.test("STEP-5 the limit is of bytes, not of characters", () => {
  const state = aState({ detectors: { a: "日".repeat(3000) } });
  ok(JSON.stringify(state).length < LIMITS.state_bytes);
  equal(fitState(state).cut, true);
});

/** As large as the edge lets through, in characters that take the most bytes as JSON. */
const HOSTILE = ["\u0001", "日", "\ud83d\ude00", "\\", '"', "\ud800", "é"];

function hostileText(random: Random, chars: number): string {
  return random.pick(HOSTILE).repeat(chars).slice(0, chars);
}

function hostileEvent(random: Random, i: number, visitor: string): IngestedEvent {
  const make = random.pick([aClick, aClick, anError, anEvent]);
  const event = random.chance(0.1) ? { event: "identify" } : {};
  return make({
    id: `${i}${hostileText(random, 190)}`,
    at: random.chance(0.7) ? i * 50 : random.int(0, i * MINUTE),
    anonymous_id: visitor,
    user_id: random.chance(0.3) ? hostileText(random, 200) : undefined,
    client_session_id: hostileText(random, 200),
    properties: {
      url: hostileText(random, 5000),
      selector: hostileText(random, 5000),
      message: hostileText(random, 5000),
      user_id: hostileText(random, 20_000),
      role: hostileText(random, 500),
      x: random.pick([1e300, -1.0000000000000001e-300, 0, 100, Number.MAX_VALUE]),
      y: random.pick([1e300, 0, 100]),
    },
    ...event,
  });
}

Deno.test("STEP-5 hostile input does not grow a state past 8 KiB, nor stop the actor", () =>
  forSeeds(4, (random) => {
    const settings = settingsWith({
      idle_ms: random.pick([40, 30 * MINUTE]),
      clamp: false,
      detectors: {
        rage_click: { max_gap_ms: 1e9, max_distance_px: 1e9, min_clicks: 1000 },
        error_click: { window_ms: 1e9 },
      },
    });
    const visitor = hostileText(random, 200);
    let state: ActorState | null = null;
    for (let i = 0; i < 1500; i++) {
      const event = hostileEvent(random, i, visitor);
      const result = step(state, eventInput(event), event.timestamp_ms, settings);
      const fitted = fitState(result.state);
      ok(bytesOf(fitted.json) <= LIMITS.state_bytes, `event ${i}`);
      state = JSON.parse(fitted.json) as ActorState;
    }
  }));
