import { equal, ok } from "node:assert/strict";
import { hash64 } from "../../engine/hash.ts";
import { LIMITS } from "../../schema/limits.ts";
import { forSeeds } from "../../tests/fixtures/seeded.ts";
import { type Fingerprint, Fingerprints } from "./fingerprints.ts";

const SEGMENT_BYTES = 256;

function of(i: number): Fingerprint {
  return hash64(`e${i}`);
}

function range(from: number, to: number): Fingerprint[] {
  return Array.from({ length: to - from }, (_, i) => of(from + i));
}

/** A ring and what a store would hold of it. */
class Stored {
  readonly segments = new Map<number, Uint8Array>();

  constructor(readonly ring = new Fingerprints()) {}

  commit(fingerprints: Fingerprint[]) {
    const written = this.ring.segmentsWith(fingerprints);
    for (const { segment, bytes } of written) this.segments.set(segment, bytes.slice());
    this.ring.add(fingerprints);
    return written;
  }

  reload(): Fingerprints {
    const all = [...this.segments].map(([segment, bytes]) => ({ segment, bytes }));
    return Fingerprints.load(this.ring.added, all);
  }
}

Deno.test("a ring knows what was added, and nothing else", () => {
  const ring = new Fingerprints();
  equal(ring.has(of(0)), false);
  equal(ring.has([0, 0]), false, "an empty place is no fingerprint");
  ring.add(range(0, 100));
  for (let i = 0; i < 100; i++) ok(ring.has(of(i)));
  equal(ring.has(of(100)), false);
  equal(ring.has([0, 0]), false);
});

Deno.test("both halves of a fingerprint count", () => {
  const ring = new Fingerprints();
  ring.add([[1, 2], [3, 4]]);
  for (const other of [[1, 4], [2, 1], [2, 3], [3, 2]] as const) equal(ring.has(other), false);
});

Deno.test("the ring wraps at 4096: the oldest are forgotten, one for one", () => {
  const { ring } = new Stored();
  ring.add(range(0, LIMITS.fingerprints));
  ok(ring.has(of(0)));
  ring.add([of(LIMITS.fingerprints)]);
  equal(ring.has(of(0)), false);
  ok(ring.has(of(1)));
  ring.add(range(LIMITS.fingerprints + 1, LIMITS.fingerprints + 1000));
  equal(ring.has(of(999)), false);
  ok(ring.has(of(1000)));
  ok(ring.has(of(LIMITS.fingerprints + 999)));
  equal(ring.added, LIMITS.fingerprints + 1000);
  equal(ring.segmentNumbers().length, LIMITS.fingerprints * 8 / SEGMENT_BYTES);
});

Deno.test("a turn of 200 events writes at most 2 KiB of fingerprints, wherever the ring stands", () => {
  const stored = new Stored();
  let next = 0;
  for (let turn = 0; turn < 60; turn++) {
    const written = stored.commit(range(next, next += LIMITS.turn_events - turn % 7));
    const size = written.reduce((sum, { bytes }) => sum + bytes.length, 0);
    ok(size <= 2048, `${size} bytes`);
    ok(written.every(({ bytes }) => bytes.length === SEGMENT_BYTES));
  }
});

Deno.test("looking at what a turn would write changes nothing", () => {
  const stored = new Stored();
  stored.commit(range(0, 40));
  stored.ring.segmentsWith(range(40, 80));
  equal(stored.ring.has(of(50)), false);
  equal(stored.ring.added, 40);
});

Deno.test("what is loaded is what was stored, through any turns and past the wrap", () =>
  forSeeds(8, (random) => {
    let stored = new Stored();
    let next = 0;
    for (let turn = 0; turn < 60; turn++) {
      stored.commit(range(next, next += random.int(0, LIMITS.turn_events)));
      const loaded = stored.reload();
      equal(loaded.added, next);
      const oldest = Math.max(0, next - LIMITS.fingerprints);
      for (const i of [oldest, oldest - 1, next - 1, next, random.int(0, next)]) {
        equal(loaded.has(of(i)), i >= oldest && i < next, `fingerprint ${i} of ${next}`);
      }
      if (random.chance(0.3)) {
        const again = new Stored(loaded);
        for (const [segment, bytes] of stored.segments) again.segments.set(segment, bytes);
        stored = again;
      }
    }
    ok(stored.ring.segmentNumbers().every((segment) => stored.segments.has(segment)));
    equal(stored.ring.segmentNumbers().length, stored.segments.size);
  }));
