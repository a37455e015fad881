import { deepEqual, equal, ok } from "node:assert/strict";
import { anEvent, T0 } from "../../tests/fixtures/events.ts";
import { forSeeds } from "../../tests/fixtures/seeded.ts";
import { decodeJournal, JournalChunks, type JournalEntry } from "./journal.ts";

/** What a value of the smallest store holds. */
const VALUE_BYTES = 64 * 1024;

function entry(i: number, text = ""): JournalEntry {
  return {
    event: anEvent({ id: `e${i}`, properties: { text } }),
    actor: "a:ana",
    received_at: T0,
    placement: { at: T0, session_id: "ses_1", late: false },
  };
}

function decode(chunks: Uint8Array[]): JournalEntry[] {
  const values = chunks.map((bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  return values.flatMap((value) => decodeJournal({ seq: "", value }));
}

Deno.test("a turn without events has no chunk", () => {
  deepEqual(new JournalChunks().chunks(), []);
});

Deno.test("entries come back as they were, in their order", () => {
  const journal = new JournalChunks();
  const entries = ["plain", 'quote " and \\', "日本語 😀", "line\nbreak", "\u0000\u2028"].map((
    text,
    i,
  ) => entry(i, text));
  for (const one of entries) journal.add(one);
  deepEqual(decode(journal.chunks()), entries);
  equal(journal.chunks().length, 1);
});

Deno.test("an entry's size is told in bytes", () => {
  const journal = new JournalChunks();
  const size = journal.add(entry(1, "日"));
  equal(size, new TextEncoder().encode(JSON.stringify(entry(1, "日"))).length);
});

Deno.test("small entries share a chunk, and large ones get their own", () => {
  const small = new JournalChunks();
  for (let i = 0; i < 200; i++) small.add(entry(i));
  equal(small.chunks().length, 1);
  const large = new JournalChunks();
  for (let i = 0; i < 5; i++) large.add(entry(i, "x".repeat(32_000)));
  equal(large.chunks().length, 5);
});

Deno.test("whatever the sizes, nothing is lost and every chunk fits a value of the store", () =>
  forSeeds(10, (random) => {
    const journal = new JournalChunks();
    const entries = Array.from({ length: random.int(1, 60) }, (_, i) => {
      const text = random.pick(["x", "日", '"', "😀"]);
      return entry(i, text.repeat(random.int(0, 32_000 / new TextEncoder().encode(text).length)));
    });
    for (const one of entries) journal.add(one);
    const chunks = journal.chunks();
    for (const { length } of chunks) ok(length <= VALUE_BYTES, `${length} bytes`);
    deepEqual(decode(chunks), entries);
  }));
