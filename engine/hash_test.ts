import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { hash64, stableId } from "./hash.ts";

Deno.test("STEP-2 ids never change between versions: stored ones are compared with new ones", () => {
  equal(stableId("ses", "a:ana", "e1"), "ses_20952264dcfa1726e948f72203bf9fc3");
  equal(stableId("sig", "a:ana", "rage_click", "e3", "0"), "sig_74fb2a441feee7afa75511d7ae5f2cde");
  deepEqual(hash64("e1"), [1595996662, 3770181671]);
});

Deno.test("STEP-2 the parts of an id do not run into one another", () => {
  notEqual(stableId("ses", "ab", "c"), stableId("ses", "a", "bc"));
  notEqual(stableId("ses", "ab"), stableId("ses", "a", "b"));
  notEqual(stableId("ses", "a", ""), stableId("ses", "a"));
  notEqual(stableId("ses", "1:a"), stableId("ses", "a"));
  match(stableId("ses", ""), /^ses_[0-9a-f]{32}$/);
});

Deno.test("STEP-2 texts that look alike are kept apart", () => {
  const alike = ["é", "e\u0301", "É", "", " ", "\u0000", "a", "a ", "A", "\ud83d\ude00", "\ud83d"];
  equal(new Set(alike.map((text) => hash64(text).join())).size, alike.length);
});

Deno.test("STEP-2 a few hundred thousand ids of every usual form meet no collision", () => {
  const forms: ((i: number) => string)[] = [
    (i) => `e${i}`,
    (i) => String(i).padStart(36, "0"),
    (i) => `0190a1b2-c3d4-7${i.toString(16).padStart(3, "0")}-8000-${i.toString(36)}`,
    (i) => i.toString(2).padStart(20, "a"),
    (i) => "x".repeat(i % 200) + i,
  ];
  for (const form of forms) {
    const all = new Set<bigint>();
    for (let i = 0; i < 60_000; i++) {
      const [high, low] = hash64(form(i));
      all.add(BigInt(high) << 32n | BigInt(low));
    }
    equal(all.size, new Set(Array.from({ length: 60_000 }, (_, i) => form(i))).size, form(7));
  }
});

Deno.test("STEP-2 both halves are unsigned 32-bit integers, and each of their bits varies", () => {
  const ones = new Array<number>(64).fill(0);
  const count = 4000;
  for (let i = 0; i < count; i++) {
    hash64(`visitor-${i}`).forEach((half, side) => {
      ok(Number.isInteger(half) && half >= 0 && half < 2 ** 32);
      for (let bit = 0; bit < 32; bit++) {
        if (half / 2 ** bit & 1) ones[side * 32 + bit] = (ones[side * 32 + bit] ?? 0) + 1;
      }
    });
  }
  for (const [bit, n] of ones.entries()) {
    ok(Math.abs(n - count / 2) < count * 0.05, `bit ${bit} is set ${n} of ${count} times`);
  }
});
