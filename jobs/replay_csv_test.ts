import { deepEqual } from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { parseCsvRecord } from "./replay_csv.ts";

Deno.test("a CSV record has quoted commas, quotes and line ends", () => {
  deepEqual(parseCsvRecord("a,,b"), { fields: ["a", "", "b"] });
  deepEqual(parseCsvRecord('"a,b","say ""hi""","x\ny",'), {
    fields: ["a,b", 'say "hi"', "x\ny", ""],
  });
  deepEqual(parseCsvRecord('"",""'), { fields: ["", ""] });
});

Deno.test("a quoted field without its end is open", () => {
  deepEqual(parseCsvRecord('a,"b'), { open: true });
  deepEqual(parseCsvRecord('a,"b""'), { open: true });
});

Deno.test("a quote in the wrong place is named by its field", () => {
  deepEqual(parseCsvRecord('a,"b"c'), { problem: "has text after the closing quote of field 2" });
  deepEqual(parseCsvRecord('a,b"c'), {
    problem: "has a quote inside field 2, which is not quoted",
  });
});

const SEED = 20_260_801;

Deno.test(`well-formed records read as csv-parse reads them (seed ${SEED})`, () => {
  let state = SEED;
  const below = (n: number) => (state = Math.imul(state, 1664525) + 1013904223 >>> 0) % n;
  const pieces = ["a", ",", '"', "\n", " ", "ü", "'"];
  for (let round = 0; round < 500; round++) {
    const fields = Array.from(
      { length: 1 + below(5) },
      () => Array.from({ length: below(4) }, () => pieces[below(pieces.length)]).join(""),
    );
    const text = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
    deepEqual(parseCsvRecord(text), { fields: parse(text)[0] }, text);
  }
});
