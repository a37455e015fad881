/**
 * Makes UUIDv7 (RFC 9562): 48 bits of time, then a 12-bit counter within the millisecond, so that
 * the ids of one page sort in the order they were made, then 62 random bits.
 *
 * @param now milliseconds since the epoch
 * @param fill fills the array with random bytes
 */
export function createUuid7(
  now: () => number,
  fill: (bytes: Uint8Array<ArrayBuffer>) => void,
): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    const bytes = new Uint8Array(16);
    fill(bytes);
    const time = now();
    if (time > last) {
      last = time;
      // Half of the counter stays free for ids of the same millisecond.
      counter = (bytes[6] as number << 8 | bytes[7] as number) & 0x7ff;
    } else if (++counter > 0xfff) {
      last++;
      counter = 0;
    }
    const head = last.toString(16).padStart(12, "0") + (0x7000 | counter).toString(16);
    bytes[8] = (bytes[8] as number) & 0x3f | 0x80;
    const tail = Array.from(bytes.subarray(8), (byte) => byte.toString(16).padStart(2, "0"));
    const hex = head + tail.join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  };
}
