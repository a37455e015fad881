import { ApiError } from "../../schema/error.ts";
import {
  eventSchema,
  type IngestedEvent,
  parseTimestamp,
  type WireEvent,
} from "../../schema/event.ts";
import type { Rejection } from "../../schema/ingest.ts";
import { LIMITS } from "../../schema/limits.ts";
import { isPlainObject } from "../../schema/properties.ts";
import { mask, type MaskHash } from "./mask.ts";

export interface ParsedBatch {
  events: { event: IngestedEvent; index: number }[];
  /** With what was sent, masked, for the dead letters. */
  rejected: (Rejection & { raw: unknown })[];
  /** The client's clock when it sent the batch, where it said a readable time. */
  sent_at?: number;
}

export interface ParseOptions {
  hash: MaskHash;
  allow_text: boolean;
  /** What the request itself tells: device, browser, country. */
  context: Record<string, unknown>;
}

const encoder = new TextEncoder();

function bytesOf(value: unknown): number {
  const json = JSON.stringify(value);
  return json.length * 3 <= LIMITS.event_bytes ? json.length : encoder.encode(json).length;
}

function readEnvelope(text: string): { batch: unknown[]; sent_at: unknown } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError("body_not_json", "The body is not JSON; send { sent_at, batch: [event] }");
  }
  if (!isPlainObject(body) || !Array.isArray(body.batch)) {
    throw new ApiError("body_invalid", "The body must be { sent_at, batch: [event] }");
  }
  if (body.batch.length > LIMITS.batch_events) {
    throw new ApiError(
      "batch_too_large",
      `The batch has ${body.batch.length} events, more than ${LIMITS.batch_events}; split it`,
    );
  }
  return { batch: body.batch, sent_at: body.sent_at };
}

function reasonOf(raw: unknown, mayBeLarge: boolean): WireEvent | string {
  if (!isPlainObject(raw)) return "must be an object";
  if (mayBeLarge && bytesOf(raw) > LIMITS.event_bytes) {
    return `must be at most ${LIMITS.event_bytes} bytes`;
  }
  const parsed = eventSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".");
  return path ? `${path}: ${issue?.message}` : issue?.message ?? "is not valid";
}

function idOf(raw: unknown): string | null {
  const id = isPlainObject(raw) ? raw.id : null;
  return typeof id === "string" ? id.slice(0, LIMITS.id_chars).toWellFormed() : null;
}

function toIngested(wire: WireEvent, options: ParseOptions): IngestedEvent {
  const properties = mask(wire.properties, options.hash);
  if (!options.allow_text && typeof properties.text === "string") {
    properties.text = options.hash(properties.text);
  }
  return {
    id: wire.id,
    event: wire.event,
    user_id: wire.user_id ?? undefined,
    anonymous_id: wire.anonymous_id ?? undefined,
    client_session_id: wire.session_id ?? undefined,
    timestamp_ms: parseTimestamp(wire.timestamp) ?? 0,
    properties,
    context: { ...wire.context && mask(wire.context, options.hash), ...options.context },
  };
}

/**
 * Parses a batch, event by event: one that is wrong is rejected with its reason and sinks nothing
 * else. Personal fields are masked here, before anything is stored or logged.
 *
 * @throws {ApiError} `body_not_json`, `body_invalid`, `batch_too_large`
 */
export function parseBatch(text: string, options: ParseOptions): ParsedBatch {
  const { batch, sent_at } = readEnvelope(text);
  const mayBeLarge = text.length * 3 > LIMITS.event_bytes;
  const parsed: ParsedBatch = { events: [], rejected: [], sent_at: parseTimestamp(sent_at) };
  batch.forEach((raw, index) => {
    const result = reasonOf(raw, mayBeLarge);
    if (typeof result !== "string") {
      parsed.events.push({ event: toIngested(result, options), index });
      return;
    }
    const masked = isPlainObject(raw) ? mask(raw, options.hash) : raw;
    parsed.rejected.push({ index, id: idOf(raw), reason: result, raw: masked });
  });
  return parsed;
}
