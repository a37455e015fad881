import { z } from "zod";
import { LIMITS } from "./limits.ts";
import { isPlainObject, propertiesProblem } from "./properties.ts";

/** Event names with a meaning of their own; every other name is a custom event. */
export const RESERVED_EVENTS = [
  "page_view",
  "page_leave",
  "click",
  "dead_click",
  "thrashed_cursor",
  "scroll",
  "form_start",
  "form_error",
  "form_submit",
  "error",
  "performance",
  "feedback",
  "identify",
] as const;

const NUL = "\u0000";

/** An id: 1 to 200 characters, well-formed Unicode, no NUL (a lone surrogate would collide). */
export const idSchema = z.string()
  .min(1, "must not be empty")
  .max(LIMITS.id_chars, `must have at most ${LIMITS.id_chars} characters`)
  .refine((id) => id.isWellFormed() && !id.includes(NUL), "must be well-formed Unicode");

const EARLIEST_MS = Date.UTC(1970, 0, 2);
const LATEST_MS = Date.UTC(9999, 11, 31);
const HAS_ZONE = /(?:[zZ]|[+-]\d\d:?\d\d)$/;
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[zZ]|[+-]\d\d:?\d\d)?$/;

/**
 * Milliseconds since the epoch of an ISO 8601 date-time or a number of milliseconds; a time without
 * a zone is UTC. `undefined` when it is no time between 1970 and 9999.
 */
export function parseTimestamp(value: unknown): number | undefined {
  let ms: number;
  if (typeof value === "number") ms = Math.trunc(value);
  else if (typeof value === "string" && ISO.test(value)) {
    ms = Date.parse(HAS_ZONE.test(value) ? value : value.replace(" ", "T") + "Z");
  } else return undefined;
  return ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : undefined;
}

/** `properties` and `context`: an object within the limits of keys, depth and names. */
export const propertiesSchema = z.custom<Record<string, unknown>>()
  .superRefine((value, ctx) => {
    const problem = isPlainObject(value) ? propertiesProblem(value) : "must be an object";
    if (problem) ctx.addIssue({ code: "custom", message: problem });
  });

/**
 * One event as a client sends it. At least one of `anonymous_id` (a browser) and `user_id` (a
 * server) is there. Unknown fields are dropped.
 */
export const eventSchema = z.object({
  id: idSchema.describe("UUIDv7 of the client; the key for deduplication"),
  event: z.string().min(1, "must not be empty").max(LIMITS.event_name_chars)
    .refine((name) => name.isWellFormed() && !name.includes(NUL), "must be well-formed Unicode")
    .describe("a reserved name, or your own"),
  user_id: idSchema.nullish().describe("your id of the person, once known"),
  anonymous_id: idSchema.nullish().describe("the browser's id of the visitor"),
  session_id: idSchema.nullish().describe("the client's own session; kept as client_session_id"),
  timestamp: z.union([z.string(), z.number()])
    .refine((value) => parseTimestamp(value) !== undefined, "must be an ISO 8601 date-time")
    .describe("when it happened, by the client's clock"),
  properties: propertiesSchema.default({}).describe("flat; page events carry url"),
  context: propertiesSchema.optional(),
}).refine(
  (event) => event.anonymous_id != null || event.user_id != null,
  "anonymous_id or user_id is required",
);
export type WireEvent = z.infer<typeof eventSchema>;

/** An event that passed the edge: parsed, masked, with the context that the request gave it. */
export interface IngestedEvent {
  id: string;
  event: string;
  user_id?: string;
  anonymous_id?: string;
  client_session_id?: string;
  /** By the client's clock, in milliseconds since the epoch. */
  timestamp_ms: number;
  properties: Record<string, unknown>;
  context?: Record<string, unknown>;
}
