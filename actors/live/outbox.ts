import type { Effect } from "../../engine/types.ts";
import type { StoredMessage } from "../../schema/live.ts";
import type { LogEntry } from "../stores/port.ts";

/** What the outbox keeps beside the message: whose it is, and its place among that actor's. */
export interface OutboxOrigin {
  actor: string;
  /** From 1, without gaps. */
  actor_seq: number;
}

/** A live message as it is stored; its seq is the key it is stored under. */
export function encodeOutbox(effect: Effect, about: OutboxOrigin & { at: number }): string {
  const { actor, actor_seq } = about;
  return JSON.stringify({
    type: effect.type,
    at: new Date(about.at).toISOString(),
    data: effect.data,
    origin: { actor, actor_seq },
  });
}

/** The message as it goes to subscribers. */
export function decodeOutbox({ seq, value }: LogEntry): StoredMessage & { origin?: OutboxOrigin } {
  const { type, at, data, origin } = JSON.parse(value);
  return { type, seq, at, data, origin };
}

/** The frame of a message on the wire: what a socket sends, without what is ours alone. */
export function wireFrame({ type, seq, at, data }: StoredMessage): string {
  return JSON.stringify({ type, seq, at, data });
}
