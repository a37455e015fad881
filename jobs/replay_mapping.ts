import { eventSchema, type IngestedEvent, parseTimestamp } from "../schema/event.ts";
import { LIMITS } from "../schema/limits.ts";
import { isPlainObject } from "../schema/properties.ts";

export const MAPPED_FIELDS = [
  "user_id",
  "anonymous_id",
  "session_id",
  "event",
  "timestamp",
  "received_at",
] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** Which column of a file holds which field of an event. */
export type Mapping = Partial<Record<MappedField, string>>;

/** What was asked for cannot be done; the message says what to change. */
export class MappingError extends Error {
  override readonly name = "MappingError";
}

const isMappedField = (name: string): name is MappedField =>
  (MAPPED_FIELDS as readonly string[]).includes(name);

/**
 * Reads `user_id=COL,event=COL,timestamp=COL`.
 *
 * @throws {MappingError} when a part is unknown, doubled or missing
 */
export function parseMapping(text: string): Mapping {
  const mapping: Mapping = {};
  for (const part of text.split(",").map((p) => p.trim()).filter((p) => p !== "")) {
    const [field = "", ...rest] = part.split("=");
    const name = field.trim();
    const column = rest.join("=").trim();
    if (!isMappedField(name)) {
      throw new MappingError(
        `Unknown field "${name}" in --map: it takes ${MAPPED_FIELDS.join(", ")}`,
      );
    }
    if (column === "") {
      throw new MappingError(`No column for ${name} in --map: write ${name}=COLUMN`);
    }
    if (mapping[name] !== undefined) throw new MappingError(`The field ${name} is mapped twice`);
    mapping[name] = column;
  }
  for (const name of ["event", "timestamp"] as const) {
    if (mapping[name] === undefined) throw new MappingError(`--map needs ${name}=COLUMN`);
  }
  if (mapping.user_id === undefined && mapping.anonymous_id === undefined) {
    throw new MappingError("--map needs user_id=COLUMN or anonymous_id=COLUMN");
  }
  return mapping;
}

/** @throws {MappingError} naming the columns there are, when a mapped one is not among them */
export function checkColumns(mapping: Mapping, columns: string[]): void {
  for (const [field, column] of Object.entries(mapping)) {
    if (!columns.includes(column)) {
      throw new MappingError(
        `No column "${column}" for ${field}: the file has ${columns.join(", ")}`,
      );
    }
  }
}

/** Below this a number of a timestamp column is seconds: as milliseconds it would be before 1973. */
const SECONDS_BELOW = 1e11;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const SHORT_ZONE = /(:\d\d(?:\.\d+)?)([+-]\d\d)$/;

/** A time as files have it: as {@link parseTimestamp}, also epoch seconds, ` UTC` and `+00`. */
export function parseFileTime(value: unknown): number | undefined {
  const text = typeof value === "string" ? value.trim() : value;
  const number = typeof text === "string" && NUMBER.test(text) ? Number(text) : text;
  if (typeof number === "number") {
    return parseTimestamp(Math.abs(number) < SECONDS_BELOW ? number * 1000 : number);
  }
  if (typeof number !== "string") return undefined;
  return parseTimestamp(number.replace(/ ?UTC$/, "Z").replace(SHORT_ZONE, "$1$2:00"));
}

/** A CSV cell as the value it stands for, so that detectors find numbers and booleans as such. */
function cellValue(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value === "true" || value === "false") return value === "true";
  // Longer digits are ids: as numbers they would lose some.
  return value.length <= 15 && NUMBER.test(value) ? Number(value) : value;
}

function idValue(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  return value === "" || value === null ? undefined : value;
}

function propertiesOf(
  values: Record<string, unknown>,
  mapped: ReadonlySet<string>,
): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(values)) {
    if (mapped.has(name) || value === "" || value === null || value === undefined) continue;
    if (name === "properties" && isPlainObject(value)) entries.push(...Object.entries(value));
    else entries.push([name, cellValue(value)]);
  }
  return Object.fromEntries(entries);
}

const ID_NAME_CHARS = 150;
const encoder = new TextEncoder();

/** What a row is to the engine. */
export type MappedRow = { event: IngestedEvent; received_at: number } | { problem: string };

/**
 * Makes an event of a row; columns that are not mapped become its properties.
 *
 * @param source makes the event's id together with the line; never the content, since two rows may
 * be equal and still be two events
 */
export function mapRow(
  values: Record<string, unknown>,
  mapping: Mapping,
  source: { name: string; line: number },
): MappedRow {
  const of = (field: MappedField) => {
    const column = mapping[field];
    return column === undefined ? undefined : values[column];
  };
  const timestamp = parseFileTime(of("timestamp"));
  if (timestamp === undefined) return { problem: `has no valid time in "${mapping.timestamp}"` };
  const receivedAt = mapping.received_at === undefined
    ? timestamp
    : parseFileTime(of("received_at"));
  if (receivedAt === undefined) return { problem: `has no valid time in "${mapping.received_at}"` };
  const wire = {
    id: `${source.name.slice(-ID_NAME_CHARS).toWellFormed()}:${source.line}`,
    event: of("event") ?? "",
    user_id: idValue(of("user_id")),
    anonymous_id: idValue(of("anonymous_id")),
    session_id: idValue(of("session_id")),
    timestamp,
    properties: propertiesOf(values, new Set(Object.values(mapping))),
  };
  const bytes = encoder.encode(JSON.stringify(wire)).length;
  if (bytes > LIMITS.event_bytes) {
    return { problem: `makes an event of ${bytes} bytes; the limit is ${LIMITS.event_bytes}` };
  }
  const parsed = eventSchema.safeParse(wire);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path[0];
    const message = issue?.message ?? "is not an event";
    return { problem: field === undefined ? message : `${String(field)} ${message}` };
  }
  const { id, event, user_id, anonymous_id, session_id, properties } = parsed.data;
  return {
    event: {
      id,
      event,
      ...(user_id != null && { user_id }),
      ...(anonymous_id != null && { anonymous_id }),
      ...(session_id != null && { client_session_id: session_id }),
      timestamp_ms: timestamp,
      properties,
    },
    received_at: receivedAt,
  };
}
