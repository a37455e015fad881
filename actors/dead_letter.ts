import { LIMITS } from "../schema/limits.ts";
import { type DeadLetter, deadLetterSchema } from "../schema/ingest.ts";
import type { LogEntry } from "./stores/port.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function cut(json: string): string {
  const bytes = encoder.encode(json);
  return bytes.length <= LIMITS.event_bytes
    ? json
    : decoder.decode(bytes.subarray(0, LIMITS.event_bytes));
}

/**
 * A rejected event as it is kept.
 *
 * @param raw already masked
 */
export function encodeDeadLetter(raw: unknown, reason: string, receivedAt: number): Uint8Array {
  const { id } = (raw ?? {}) as { id?: unknown };
  const letter: Omit<DeadLetter, "seq"> = {
    id: typeof id === "string" ? id.slice(0, LIMITS.id_chars).toWellFormed() : null,
    reason,
    received_at: new Date(receivedAt).toISOString(),
    raw: cut(JSON.stringify(raw) ?? "null"),
  };
  return encoder.encode(JSON.stringify(letter));
}

export function decodeDeadLetter({ seq, value }: LogEntry): DeadLetter {
  return deadLetterSchema.parse({ seq, ...JSON.parse(value) });
}
