import type { Session } from "../schema/session.ts";
import type { ActorState, OpenSession } from "./types.ts";

/** Milliseconds since the epoch as the wire writes them. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A session as it goes out. */
export function sessionView(
  session: OpenSession,
  who: Pick<ActorState, "user_id" | "anonymous_id">,
): Session {
  return {
    id: session.id,
    user_id: who.user_id,
    anonymous_id: who.anonymous_id,
    client_session_id: session.client_id,
    started_at: iso(session.start),
    ended_at: iso(session.end),
    events_count: session.events,
    signals_count: session.signals,
    entry_url: session.entry_url,
  };
}
