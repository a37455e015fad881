const DIGITS = 15;

/**
 * Sequence numbers as opaque, sortable text: `k3x9.000000000000042`. The part before the point is
 * the data folder's own, so that a cursor from another one is recognized.
 */
export class SeqFormat {
  readonly #shape: RegExp;

  constructor(readonly epoch: string) {
    this.#shape = new RegExp(`^${epoch}\\.\\d{${DIGITS}}$`);
  }

  format(n: number): string {
    return `${this.epoch}.${String(n).padStart(DIGITS, "0")}`;
  }

  matches(text: string): boolean {
    return this.#shape.test(text);
  }

  parse(seq: string): number {
    return Number(seq.slice(seq.indexOf(".") + 1));
  }
}
