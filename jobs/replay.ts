import type { ActorSettings } from "../engine/types.ts";
import { LIMITS } from "../schema/limits.ts";
import { ReplayActors, type ReplayCounts, type Step } from "./replay_actors.ts";
import { readLines } from "./replay_lines.ts";
import { checkColumns, type Mapping, mapRow } from "./replay_mapping.ts";
import { readRows, type RowFormat } from "./replay_rows.ts";

export interface ReplaySummary extends ReplayCounts {
  /** Rows that were skipped. */
  rejected: number;
}

export interface ReplayOptions {
  /** The file's base name; event ids are made of it and the line. */
  name: string;
  /** `undefined` to tell by the content. */
  format?: RowFormat;
  mapping: Mapping;
  step: Step;
  /** With `clamp: false`: the rows are from long ago. */
  settings: ActorSettings;
  /** A row that was skipped, with the line it begins in and why. */
  onRejected?: (line: number, problem: string) => void;
}

/** Rows as text may be longer than the events in them: numbers and names are written out. */
const MAX_ROW_CHARS = 2 * LIMITS.event_bytes;

/**
 * Runs stored events through the engine and counts what it finds, with the same `step` as live.
 * Reads as a stream; what is held is one small state for each actor.
 *
 * @param bytes CSV with a header line, or NDJSON, as UTF-8
 * @throws {MappingError} when a mapped column does not exist
 * @throws {UnreadableFileError} when the file has no header and no object
 */
export async function replay(
  bytes: AsyncIterable<Uint8Array>,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  const { name, mapping } = options;
  const lines = readLines(bytes, MAX_ROW_CHARS);
  const { columns, rows } = await readRows(lines, MAX_ROW_CHARS, options.format);
  checkColumns(mapping, columns);
  const actors = new ReplayActors(options.step, options.settings);
  let rejected = 0;
  for await (const row of rows) {
    const mapped = "problem" in row ? row : mapRow(row.values, mapping, { name, line: row.line });
    if ("problem" in mapped) {
      rejected++;
      options.onRejected?.(row.line, mapped.problem);
    } else actors.apply(mapped.event, mapped.received_at);
  }
  return { ...actors.finish(), rejected };
}
