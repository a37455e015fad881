import { LIMITS } from "../schema/limits.ts";
import type { ActorSettings, ActorState } from "./types.ts";

/**
 * A difference between the clocks smaller than this is taken for network delay: the two cannot be
 * told apart from one message.
 */
export const SKEW_DEAD_BAND_MS = 10_000;

/** The client's clock error by one batch; 0 when it is not known or within the dead band. */
export function estimateSkew(receivedAt: number, sentAt: number | undefined): number {
  if (sentAt === undefined) return 0;
  const difference = receivedAt - sentAt;
  return Math.abs(difference) < SKEW_DEAD_BAND_MS ? 0 : difference;
}

/** Moves a time to between 24 h before and 5 min after its receipt. */
export function clampToReceipt(at: number, receivedAt: number): number {
  return Math.min(Math.max(at, receivedAt - LIMITS.past_ms), receivedAt + LIMITS.future_ms);
}

/**
 * Event time by SPEC TIME-1 to TIME-3: the session's skew, estimated anew only where the event
 * would start a session, so that events of one session are never reordered by their batches.
 */
export function eventTime(
  state: ActorState | null,
  event: { timestamp_ms: number; received_at: number; sent_at?: number },
  settings: ActorSettings,
): { at: number; skew_ms: number; clamped: boolean } {
  const placed = (skew_ms: number) => {
    const at = event.timestamp_ms + skew_ms;
    const bound = settings.clamp ? clampToReceipt(at, event.received_at) : at;
    return { at: bound, skew_ms, clamped: bound !== at };
  };
  const last = state?.sessions.at(-1);
  if (state && last) {
    const known = placed(state.skew_ms);
    if (known.at - last.end <= settings.idle_ms) return known;
  }
  return placed(estimateSkew(event.received_at, event.sent_at));
}
