import type { Placement } from "../../engine/types.ts";
import type { IngestedEvent } from "../../schema/event.ts";
import type { LogEntry } from "../stores/port.ts";

/** A raw event as the journal keeps it: what history and replay are made from. */
export interface JournalEntry {
  event: IngestedEvent;
  actor: string;
  received_at: number;
  placement: Placement;
}

/** A value of the smallest store holds 64 KiB; one entry alone is at most about half of that. */
const CHUNK_BYTES = 60 * 1024;
const OPEN = 0x5b;
const COMMA = 0x2c;
const CLOSE = 0x5d;

const encoder = new TextEncoder();

/** Packs the entries of a turn into as few values as the store's limit allows. */
export class JournalChunks {
  readonly #lines: Uint8Array[][] = [];
  #size = CHUNK_BYTES;

  /** @returns the entry's size in bytes */
  add(entry: JournalEntry): number {
    const line = encoder.encode(JSON.stringify(entry));
    if (this.#size + line.length + 2 > CHUNK_BYTES) {
      this.#lines.push([]);
      this.#size = 0;
    }
    this.#lines.at(-1)?.push(line);
    this.#size += line.length + 2;
    return line.length;
  }

  /** Each a JSON array of entries. */
  chunks(): Uint8Array[] {
    return this.#lines.map((lines) => {
      const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 1));
      let at = 0;
      for (const line of lines) {
        bytes[at++] = at === 1 ? OPEN : COMMA;
        bytes.set(line, at);
        at += line.length;
      }
      bytes[at] = CLOSE;
      return bytes;
    });
  }
}

/** The entries of one stored chunk. */
export function decodeJournal({ value }: LogEntry): JournalEntry[] {
  return JSON.parse(value) as JournalEntry[];
}
