import { LIMITS } from "../../schema/limits.ts";

/** Fingerprints in one stored segment; small, so that a turn of 200 events rewrites under 2 KiB. */
const SEGMENT = 32;
const WORDS = 2;

export type Fingerprint = readonly [high: number, low: number];

/**
 * The event ids an actor saw last, as a ring of 64-bit fingerprints. Grows to its limit, then
 * overwrites the oldest. Changed only after the commit that stores the change.
 */
export class Fingerprints {
  #words = new Uint32Array(0);
  /** Ever added; its remainder is the place in the ring. */
  #added = 0;

  get added(): number {
    return this.#added;
  }

  has([high, low]: Fingerprint): boolean {
    const end = Math.min(this.#added, LIMITS.fingerprints) * WORDS;
    for (let i = 0; i < end; i += WORDS) {
      if (this.#words[i] === high && this.#words[i + 1] === low) return true;
    }
    return false;
  }

  add(fingerprints: readonly Fingerprint[]) {
    this.#reserve(Math.min(this.#added + fingerprints.length, LIMITS.fingerprints));
    for (const fingerprint of fingerprints) {
      this.#words.set(fingerprint, (this.#added % LIMITS.fingerprints) * WORDS);
      this.#added++;
    }
  }

  /** The segments that would change if these were added, as they would be then. */
  segmentsWith(fingerprints: readonly Fingerprint[]): { segment: number; bytes: Uint8Array }[] {
    const segments = new Map<number, Uint32Array>();
    fingerprints.forEach((fingerprint, i) => {
      const place = (this.#added + i) % LIMITS.fingerprints;
      const segment = Math.floor(place / SEGMENT);
      const words = segments.get(segment) ?? this.#segment(segment);
      words.set(fingerprint, (place % SEGMENT) * WORDS);
      segments.set(segment, words);
    });
    return [...segments].map(([segment, words]) => ({
      segment,
      bytes: new Uint8Array(words.buffer),
    }));
  }

  /** The numbers of all segments that are stored. */
  segmentNumbers(): number[] {
    const used = Math.min(this.#added, LIMITS.fingerprints);
    return Array.from({ length: Math.ceil(used / SEGMENT) }, (_, i) => i);
  }

  static load(
    added: number,
    segments: { segment: number; bytes: Uint8Array }[],
  ): Fingerprints {
    const loaded = new Fingerprints();
    loaded.#reserve(Math.min(added, LIMITS.fingerprints));
    for (const { segment, bytes } of segments) {
      const words = new Uint32Array(bytes.slice().buffer);
      const from = segment * SEGMENT * WORDS;
      loaded.#words.set(words.subarray(0, Math.max(0, loaded.#words.length - from)), from);
    }
    loaded.#added = added;
    return loaded;
  }

  #segment(segment: number): Uint32Array<ArrayBuffer> {
    const from = segment * SEGMENT * WORDS;
    const words = new Uint32Array(SEGMENT * WORDS);
    words.set(this.#words.subarray(from, from + SEGMENT * WORDS));
    return words;
  }

  #reserve(count: number) {
    if (count * WORDS <= this.#words.length) return;
    const size = Math.min(Math.max(count, this.#words.length / WORDS * 2, 8), LIMITS.fingerprints);
    const words = new Uint32Array(size * WORDS);
    words.set(this.#words);
    this.#words = words;
  }
}
