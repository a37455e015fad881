import { LIMITS } from "../schema/limits.ts";
import type { OpenSession } from "./types.ts";

export interface SessionRules {
  idle_ms: number;
  max_session_ms: number;
  grace_ms: number;
}

/** What placing one event did to the open sessions. */
export interface Placed {
  /** By start, oldest first. */
  sessions: OpenSession[];
  /** The session the event is in now. */
  session: OpenSession;
  started: boolean;
  /** The later session that was joined to this one, and is no more. */
  merged?: OpenSession;
}

/** Where a time falls among sessions: in one, between two neighbours, or beside one. */
function neighbours(sessions: OpenSession[], at: number, rules: SessionRules) {
  let left: number | undefined;
  let right: number | undefined;
  for (let i = 0; i < sessions.length; i++) {
    const session = sessions[i] as OpenSession;
    if (session.start <= at) {
      const reaches = at - session.end <= rules.idle_ms &&
        at - session.start <= rules.max_session_ms;
      left = reaches ? i : undefined;
    } else {
      const reaches = session.start - at <= rules.idle_ms &&
        session.end - at <= rules.max_session_ms;
      right = reaches ? i : undefined;
      break;
    }
  }
  return { left, right };
}

function extended(session: OpenSession, at: number): OpenSession {
  return {
    ...session,
    start: Math.min(session.start, at),
    end: Math.max(session.end, at),
    events: session.events + 1,
  };
}

/** Two sessions and the event between them as one, under the earlier one's id (SPEC SES-5). */
function joined(left: OpenSession, right: OpenSession): OpenSession {
  return {
    ...left,
    end: Math.max(left.end, right.end),
    events: left.events + right.events + 1,
    signals: left.signals + right.signals,
    ended: right.ended,
  };
}

/**
 * Puts an event at time `at` into the sessions that are still open to change (SPEC SES-1 to SES-5).
 * In whatever order events come within the grace period, the sessions are those of the sorted
 * order; the one exception is SES-6.
 *
 * @param make makes the session that starts with this event
 */
export function placeEvent(
  sessions: OpenSession[],
  at: number,
  rules: SessionRules,
  make: () => OpenSession,
): Placed {
  const { left, right } = neighbours(sessions, at, rules);
  const l = left === undefined ? undefined : sessions[left];
  const r = right === undefined ? undefined : sessions[right];
  if (l && r && r.end - l.start <= rules.max_session_ms) {
    const session = joined(l, r);
    return {
      sessions: sessions.flatMap((s) => s === l ? [session] : s === r ? [] : [s]),
      session,
      started: false,
      merged: r,
    };
  }
  const host = l ?? r;
  if (host) {
    const session = extended(host, at);
    return {
      sessions: sessions.map((s) => s === host ? session : s),
      session,
      started: false,
    };
  }
  const session = make();
  const index = sessions.findIndex((s) => s.start > at);
  const position = index === -1 ? sessions.length : index;
  return { sessions: sessions.toSpliced(position, 0, session), session, started: true };
}

/**
 * Parts the sessions that no event within the grace period can reach any more from those that one
 * still can (SPEC SES-7). The last one always stays.
 */
export function forget(
  sessions: OpenSession[],
  watermark: number,
  rules: SessionRules,
): OpenSession[] {
  const horizon = watermark - rules.grace_ms - rules.idle_ms;
  const first = sessions.findIndex((s, i) => s.end >= horizon || i === sessions.length - 1);
  const from = Math.max(first, sessions.length - LIMITS.state_sessions);
  return from > 0 ? sessions.slice(from) : sessions;
}
