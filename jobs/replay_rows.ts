import { isPlainObject } from "../schema/properties.ts";
import { parseCsvRecord } from "./replay_csv.ts";
import type { Line } from "./replay_lines.ts";

/** One row of a file by column name; or why there is none. `line` is where it begins, from 1. */
export type Row =
  | { line: number; values: Record<string, unknown> }
  | { line: number; problem: string };

export interface Rows {
  columns: string[];
  rows: AsyncIterable<Row>;
}

/** A file that cannot be read at all, because of what it is. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
}

const oversized = (maxChars: number) => `is longer than ${maxChars} characters`;
const isBlank = (line: Line) => line.text.trim() === "" && !line.cut;

/** Lines with a look ahead: what was taken too early is put back. */
class LineSource {
  readonly #lines: AsyncIterator<Line>;
  #returned: Line[] = [];

  constructor(lines: AsyncIterable<Line>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async next(): Promise<Line | undefined> {
    const returned = this.#returned.shift();
    if (returned) return returned;
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }

  putBack(lines: Line[]): void {
    this.#returned = [...lines, ...this.#returned];
  }

  async nextFilled(): Promise<Line | undefined> {
    let line = await this.next();
    while (line && isBlank(line)) line = await this.next();
    return line;
  }
}

type CsvFields = { line: number; fields: string[] } | { line: number; problem: string };

/**
 * The next CSV record, over several lines where a quoted field is. A broken record costs its first
 * line and no other: the lines behind it are read again on their own.
 *
 * @param width how many fields it must have; `undefined` for any number
 */
async function nextCsvRecord(
  source: LineSource,
  maxChars: number,
  width?: number,
): Promise<CsvFields | undefined> {
  const first = await source.nextFilled();
  if (!first) return undefined;
  const line = first.number;
  if (first.cut) return { line, problem: oversized(maxChars) };
  let text = first.text;
  let record = parseCsvRecord(text);
  const more: Line[] = [];
  while ("open" in record) {
    const next = await source.next();
    if (next) more.push(next);
    if (!next || next.cut || text.length + next.text.length > maxChars) {
      record = { problem: "has a quote that is never closed" };
    } else {
      text += "\n" + next.text;
      record = parseCsvRecord(text);
    }
  }
  if ("fields" in record) {
    const { fields } = record;
    if (width === undefined || fields.length === width) return { line, fields };
    record = { problem: `has ${fields.length} fields, the header has ${width}` };
  }
  source.putBack(more);
  return { line, problem: record.problem };
}

async function csvRows(source: LineSource, maxChars: number): Promise<Rows> {
  const header = await nextCsvRecord(source, maxChars);
  if (!header) throw new UnreadableFileError("The file is empty: it needs a header line");
  if ("problem" in header) {
    throw new UnreadableFileError(`The header in line ${header.line} ${header.problem}`);
  }
  const columns = header.fields.map((name) => name.trim());
  const repeated = columns.find((name, i) => columns.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new UnreadableFileError(`The header has the column "${repeated}" twice`);
  }
  async function* rows(): AsyncGenerator<Row> {
    while (true) {
      const record = await nextCsvRecord(source, maxChars, columns.length);
      if (!record) return;
      if ("problem" in record) yield record;
      else {
        const { line, fields } = record;
        yield { line, values: Object.fromEntries(columns.map((name, i) => [name, fields[i]])) };
      }
    }
  }
  return { columns, rows: rows() };
}

function parseJsonLine(line: Line, maxChars: number): Row {
  if (line.cut) return { line: line.number, problem: oversized(maxChars) };
  try {
    const values: unknown = JSON.parse(line.text);
    if (isPlainObject(values)) return { line: line.number, values };
    return { line: line.number, problem: "is JSON, but not an object" };
  } catch {
    return { line: line.number, problem: "is not JSON" };
  }
}

async function ndjsonRows(source: LineSource, maxChars: number): Promise<Rows> {
  const head: Row[] = [];
  let columns: string[] | undefined;
  while (!columns) {
    const line = await source.nextFilled();
    if (!line) throw new UnreadableFileError("The file has no line with a JSON object");
    const row = parseJsonLine(line, maxChars);
    // A file that is no NDJSON at all would otherwise be kept as a list of its problems.
    if (head.push(row) > 1000) {
      throw new UnreadableFileError("The first 1000 lines hold no JSON object");
    }
    if ("values" in row) columns = Object.keys(row.values);
  }
  async function* rows(): AsyncGenerator<Row> {
    yield* head;
    for (let line = await source.nextFilled(); line; line = await source.nextFilled()) {
      yield parseJsonLine(line, maxChars);
    }
  }
  return { columns, rows: rows() };
}

export type RowFormat = "csv" | "ndjson";

/**
 * Reads lines as CSV with a header, or as NDJSON whose columns are the keys of its first object.
 *
 * @param format `undefined` to tell by the first character: `{` begins NDJSON
 * @throws {UnreadableFileError} when there is no header and no object
 */
export async function readRows(
  lines: AsyncIterable<Line>,
  maxChars: number,
  format?: RowFormat,
): Promise<Rows> {
  const source = new LineSource(lines);
  const first = await source.nextFilled();
  if (!first) throw new UnreadableFileError("The file is empty");
  source.putBack([first]);
  const start = first.text.trimStart()[0];
  if (start === "[" && format !== "csv") {
    throw new UnreadableFileError(
      "The file is a JSON array: write one object a line (jq -c '.[]')",
    );
  }
  const isJson = format === "ndjson" || (format === undefined && start === "{");
  return await (isJson ? ndjsonRows(source, maxChars) : csvRows(source, maxChars));
}
