import type { StoredMessage } from "../../schema/live.ts";

/** A signal as it came over the live stream. */
export type SignalMessage = Extract<StoredMessage, { type: "signal" }>;

/** One line of the feed. */
export interface FeedRow {
  message: SignalMessage;
  /** It came while the person was looking on, so it may announce itself. */
  arrived: boolean;
}

/** The feed, newest first. */
export interface FeedState {
  rows: FeedRow[];
  /** What came while the person was reading. */
  waiting: FeedRow[];
}

/** Rows kept; past it the oldest are let go (history has them). */
export const FEED_ROWS = 500;

/** More than this at once is a flood, in which single arrivals are not announced. */
const ANNOUNCED_AT_ONCE = 3;

/**
 * Takes in what arrived since the last frame.
 *
 * @param batch oldest first
 * @param reading whether the person is reading, so that rows must not move
 */
export function addToFeed(state: FeedState, batch: SignalMessage[], reading: boolean): FeedState {
  if (batch.length === 0) return state;
  const arrived = !reading && batch.length <= ANNOUNCED_AT_ONCE;
  const incoming = batch.map((message) => ({ message, arrived })).reverse();
  if (!reading) return releaseWaiting({ ...state, waiting: [...incoming, ...state.waiting] });
  return { rows: state.rows, waiting: [...incoming, ...state.waiting].slice(0, FEED_ROWS) };
}

/** Shows what was waiting. */
export function releaseWaiting(state: FeedState): FeedState {
  if (state.waiting.length === 0) return state;
  return { rows: [...state.waiting, ...state.rows].slice(0, FEED_ROWS), waiting: [] };
}
