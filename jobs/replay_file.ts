import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { RowFormat } from "./replay_rows.ts";

/** The row format that a file's name tells; `undefined` where the content must. */
export function formatOfName(path: string): RowFormat | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  if (name.endsWith(".csv")) return "csv";
  return /\.(ndjson|jsonl)$/.test(name) ? "ndjson" : undefined;
}

/**
 * A file's bytes, inflated where they begin like gzip, whatever the name says.
 *
 * @param onRead gets the bytes read from disk so far, before inflating
 */
export async function* readFileBytes(
  file: ReadableStream<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file) {
      total += chunk.length;
      onRead(total);
      yield chunk;
    }
  }
  const chunks = counted();
  const first = await chunks.next();
  if (first.done) return;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first.value as Uint8Array;
    yield* chunks;
  }
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) return yield* all();
  const gunzip = createGunzip();
  const inflated = pipeline(Readable.from(all(), { objectMode: false }), gunzip);
  // It is awaited below; until then a failure must not count as unhandled.
  inflated.catch(() => {});
  for await (const chunk of gunzip) yield chunk as Uint8Array;
  await inflated;
}
