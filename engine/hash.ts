/**
 * 64 bits of a text as two unsigned 32-bit halves: FNV-style multiplication over UTF-16 units with
 * MurmurHash3's finalizer. Spreads well, is the same everywhere, and is not meant to resist an
 * attacker: whoever makes ids collide only harms the actor those ids belong to.
 */
export function hash64(text: string, seed = 0): [high: number, low: number] {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x85ebca6b ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  a = finalize(a ^ text.length);
  b = finalize(b ^ a);
  return [(a ^ b) >>> 0, b >>> 0];
}

function finalize(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A 128-bit id with a prefix, the same for the same parts: `sig_0f3a…`. */
export function stableId(prefix: string, ...parts: string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join("");
  const words = [...hash64(text), ...hash64(text, 0x2545f491)];
  return `${prefix}_${words.map((word) => word.toString(16).padStart(8, "0")).join("")}`;
}
