import { LIMITS } from "../schema/limits.ts";
import { actorKey } from "./actor_key.ts";
import { detect } from "./detect.ts";
import { eventTime } from "./event_time.ts";
import { stableId } from "./hash.ts";
import { forget, placeEvent } from "./sessionize.ts";
import { sessionView } from "./session_view.ts";
import type {
  ActorSettings,
  ActorState,
  Effect,
  OpenSession,
  StepInput,
  StepResult,
} from "./types.ts";

type EventInput = Extract<StepInput, { type: "event" }>;

const MAX_ENTRY_URL_CHARS = 200;

/**
 * The one decision of an actor: folds an event or an alarm into its state and says what follows.
 * Pure: the same arguments give the same result, nothing given is changed, and time comes in as
 * `now`, so that replay is live (SPEC STEP-1 to STEP-4).
 *
 * @param state `null` for an actor's first event
 * @param now receive time in milliseconds; for an event it is its `received_at`
 */
export function step(
  state: ActorState | null,
  input: StepInput,
  now: number,
  settings: ActorSettings,
): StepResult {
  return input.type === "event"
    ? stepEvent(state, input, settings)
    : stepAlarm(state ?? emptyState(now), now, settings);
}

function emptyState(now: number): ActorState {
  return {
    v: 1,
    watermark: now,
    received: now,
    skew_ms: 0,
    sessions: [],
    detectors: {},
    late_events: 0,
  };
}

function alarmOf(state: ActorState, settings: ActorSettings): number | undefined {
  const last = state.sessions.at(-1);
  return last && !last.ended ? state.received + settings.idle_ms + 1 : undefined;
}

/** SPEC ALARM-1, ALARM-2: ends a session in which nothing came for longer than the idle time. */
function stepAlarm(state: ActorState, now: number, settings: ActorSettings): StepResult {
  const last = state.sessions.at(-1);
  const alarmAt = alarmOf(state, settings);
  if (!last || alarmAt === undefined || now < alarmAt) {
    return { state, effects: [], alarm_at: alarmAt };
  }
  const ended = { ...last, ended: true };
  return {
    state: { ...state, sessions: [...state.sessions.slice(0, -1), ended] },
    effects: [{ type: "session_ended", data: sessionView(ended, state) }],
  };
}

/** What `identify` names: held to the limits of an id here, as the edge sees only a property. */
function namedUser({ event, properties }: EventInput["event"]): string | undefined {
  const { user_id } = properties;
  if (event !== "identify" || typeof user_id !== "string" || user_id === "") return undefined;
  return user_id.length <= LIMITS.id_chars && user_id.isWellFormed() ? user_id : undefined;
}

function who(state: ActorState | null, { event }: EventInput) {
  return {
    user_id: event.user_id ?? namedUser(event) ?? state?.user_id,
    anonymous_id: event.anonymous_id ?? state?.anonymous_id,
  };
}

function newSession(actor: string, { event }: EventInput, at: number): OpenSession {
  const { url } = event.properties;
  return {
    id: stableId("ses", actor, event.id),
    start: at,
    end: at,
    events: 1,
    signals: 0,
    ended: false,
    client_id: event.client_session_id,
    entry_url: typeof url === "string" ? url.slice(0, MAX_ENTRY_URL_CHARS) : undefined,
  };
}

function stepEvent(
  before: ActorState | null,
  input: EventInput,
  settings: ActorSettings,
): StepResult {
  const { event, received_at } = input;
  const ids = who(before, input);
  const { at, skew_ms, clamped } = eventTime(
    before,
    { timestamp_ms: event.timestamp_ms, received_at, sent_at: input.sent_at },
    settings,
  );
  const state: ActorState = {
    ...(before ?? emptyState(received_at)),
    ...ids,
    watermark: before ? Math.max(before.watermark, at) : at,
    received: before ? Math.max(before.received, received_at) : received_at,
  };
  if (at < state.watermark - settings.grace_ms) return stepLate(state, at, settings);

  const actor = actorKey(event);
  const placed = placeEvent(
    state.sessions,
    at,
    settings,
    () => newSession(actor, input, at),
  );
  const isCurrent = placed.sessions.at(-1) === placed.session;
  const isNewCurrent = isCurrent && placed.started;
  // Clamped events share one instant, which would look like fast clicks (SPEC TIME-3).
  const found = isCurrent && !clamped
    ? detect(
      isNewCurrent ? {} : state.detectors,
      { id: event.id, event: event.event, at, properties: event.properties },
      { actor, session_id: placed.session.id, ...ids },
      settings,
    )
    : { states: isNewCurrent ? {} : state.detectors, signals: [] };
  const session: OpenSession = {
    ...placed.session,
    signals: placed.session.signals + found.signals.length,
    ended: !isCurrent,
  };
  const closing = isNewCurrent ? placed.sessions.at(-2) : undefined;
  const sessions = placed.sessions.map((s) =>
    s === placed.session ? session : s === closing ? { ...s, ended: true } : s
  );
  const next: ActorState = {
    ...state,
    skew_ms: isNewCurrent ? skew_ms : state.skew_ms,
    sessions: forget(sessions, state.watermark, settings),
    detectors: found.states,
  };
  const effects = sessionEffects(placed, session, closing, next);
  for (const data of found.signals) effects.push({ type: "signal", data });
  return {
    state: next,
    effects,
    placement: { at, session_id: session.id, late: false },
    alarm_at: alarmOf(next, settings),
  };
}

/** SPEC SES-8: an event behind watermark and grace is stored, counted and changes nothing. */
function stepLate(state: ActorState, at: number, settings: ActorSettings): StepResult {
  const host = state.sessions.find(({ start, end }) => start <= at && at <= end);
  return {
    state: { ...state, late_events: state.late_events + 1 },
    effects: [],
    placement: { at, session_id: host?.id, late: true },
    alarm_at: alarmOf(state, settings),
  };
}

function sessionEffects(
  placed: { session: OpenSession; started: boolean; merged?: OpenSession },
  session: OpenSession,
  closing: OpenSession | undefined,
  state: ActorState,
): Effect[] {
  const effects: Effect[] = [];
  if (closing && !closing.ended) {
    effects.push({ type: "session_ended", data: sessionView(closing, state) });
  }
  const data = sessionView(session, state);
  if (placed.started) effects.push({ type: "session_started", data });
  if (placed.merged) {
    effects.push({ type: "session_merged", data: { ...data, merged_from: placed.merged.id } });
  }
  if (session.ended) effects.push({ type: "session_ended", data });
  return effects;
}
