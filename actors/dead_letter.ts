import { LIMITS } from "../schema/limits.ts";
import { type DeadLetter, deadLetterSchema } from "../schema/ingest.ts";
import type { LogEntry } from "./stores/port.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A value of the smallest store holds 64 KiB; quotes within quotes may double what is kept. */
const LETTER_BYTES = 60 * 1024;

function cut(json: string, maxBytes: number): string {
  const bytes = encoder.encode(json);
  return bytes.length <= maxBytes ? json : decoder.decode(bytes.subarray(0, maxBytes));
}

/**
 * A rejected event as it is kept.
 *
 * @param raw already masked
 */
export function encodeDeadLetter(raw: unknown, reason: string, receivedAt: number): Uint8Array {
  const { id } = (raw ?? {}) as { id?: unknown };
  const json = JSON.stringify(raw) ?? "null";
  const encode = (maxBytes: number) => {
    const letter: Omit<DeadLetter, "seq"> = {
      id: typeof id === "string" ? id.slice(0, LIMITS.id_chars).toWellFormed() : null,
      reason,
      received_at: new Date(receivedAt).toISOString(),
      raw: cut(json, maxBytes),
    };
    return encoder.encode(JSON.stringify(letter));
  };
  const whole = encode(LIMITS.event_bytes);
  return whole.length <= LETTER_BYTES ? whole : encode(LIMITS.event_bytes / 2);
}

export function decodeDeadLetter({ seq, value }: LogEntry): DeadLetter {
  return deadLetterSchema.parse({ seq, ...JSON.parse(value) });
}
