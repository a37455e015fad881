import type { IngestedEvent } from "../schema/event.ts";
import type { Session } from "../schema/session.ts";
import type { Severity, Signal } from "../schema/signal.ts";

/** What a project may set for its session actors. Times in milliseconds. */
export interface ActorSettings {
  /** A gap longer than this starts a new session. */
  idle_ms: number;
  /** A session spans at most this long. */
  max_session_ms: number;
  /** How far behind the actor's watermark an event may lie and still move sessions. */
  grace_ms: number;
  /** Thresholds by detector kind; a missing field has the detector's default, `false` is off. */
  detectors: Record<string, Record<string, unknown> | false>;
  /** Whether event times are clamped to their receipt (off in replay). */
  clamp: boolean;
}

/** A session that late events can still reach. Times in event time, milliseconds. */
export interface OpenSession {
  id: string;
  start: number;
  end: number;
  events: number;
  signals: number;
  ended: boolean;
  client_id?: string;
  entry_url?: string;
}

/** All that an actor remembers between turns; plain JSON, bounded by `LIMITS.state_bytes`. */
export interface ActorState {
  v: 1;
  /** Furthest event time seen. Only an actor's own events move it. */
  watermark: number;
  /** Receive time of the last event. */
  received: number;
  /** What is added to the client's clock, estimated when a session starts. */
  skew_ms: number;
  user_id?: string;
  anonymous_id?: string;
  /** By start, oldest first; the last one is the current one. */
  sessions: OpenSession[];
  /** By detector kind; of the current session. */
  detectors: Record<string, unknown>;
  /** Events that came behind watermark and grace. */
  late_events: number;
}

export type StepInput =
  | {
    type: "event";
    event: IngestedEvent;
    /** When it reached us, milliseconds since the epoch. */
    received_at: number;
    /** The client's clock when it sent the batch, where known. */
    sent_at?: number;
  }
  | { type: "alarm" };

/** Where an event was put; kept with the raw event in the journal. */
export interface Placement {
  /** Event time after skew and clamp. */
  at: number;
  /** The session it belongs to; absent when it came too late for one. */
  session_id?: string;
  /** It came behind watermark and grace: stored and counted, without effect on sessions. */
  late: boolean;
}

export type Effect =
  | { type: "signal"; data: Signal }
  | { type: "session_started" | "session_ended" | "session_merged"; data: Session };

export interface StepResult {
  state: ActorState;
  effects: Effect[];
  /** Only for an event. */
  placement?: Placement;
  /** When the actor wants to be woken though no event comes; `undefined` for never. */
  alarm_at?: number;
}

/** An event as detectors see it: in event time, known to belong to the current session. */
export interface SessionEvent {
  id: string;
  event: string;
  /** Event time, milliseconds. */
  at: number;
  properties: Record<string, unknown>;
}

/** What a detector found; `step` makes it a {@link Signal}. */
export interface Detection {
  severity: Severity;
  /** One sentence for a newcomer, and what to do next. */
  explanation: string;
  url?: string;
  selector?: string;
  /** Measured values, named with their unit. */
  evidence: Record<string, number | string>;
}

/**
 * A detector: pure, with bounded JSON state, its thresholds named in `defaults`.
 *
 * `S` is its state, `O` its thresholds.
 */
export interface Detector<S, O extends object> {
  /** The `kind` of its signals; also its file name and its heading in SPEC.md. */
  readonly kind: string;
  /** A few words for lists, such as "Rage click". */
  readonly title: string;
  readonly defaults: O;
  /**
   * Folds one event. Events may come out of order; the same input gives the same output.
   *
   * @param state `undefined` at the start of a session
   */
  detect(state: S | undefined, event: SessionEvent, options: O): {
    state: S | undefined;
    detections: Detection[];
  };
}
