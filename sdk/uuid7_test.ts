import { deepEqual, equal, match } from "node:assert/strict";
import { createUuid7 } from "./uuid7.ts";

const fillWith = (byte: number) => (bytes: Uint8Array) => void bytes.fill(byte);

Deno.test("a UUIDv7 has its time, version and variant in their places", () => {
  const id = createUuid7(() => 0x0190_1234_5678, fillWith(0xff))();
  equal(id, "01901234-5678-77ff-bfff-ffffffffffff");
  match(
    createUuid7(Date.now, (b) => crypto.getRandomValues(b))(),
    /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  );
});

Deno.test("ids sort as they were made, in one millisecond and when the clock goes back", () => {
  let time = 1_700_000_000_000;
  const next = createUuid7(() => time, (b) => crypto.getRandomValues(b));
  const ids = Array.from({ length: 10_000 }, (_, i) => {
    if (i === 7000) time -= 60_000;
    if (i === 9000) time += 120_000;
    return next();
  });
  deepEqual(ids.toSorted(), ids);
  equal(new Set(ids).size, ids.length);
});
