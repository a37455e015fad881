import type { IngestedEvent } from "../../schema/event.ts";
import type { Fingerprint } from "./fingerprints.ts";

/** What one batch waits for: it is answered when the last of its events is settled. */
export class Ack {
  accepted = 0;
  duplicates = 0;
  readonly failed: { index: number; reason: string }[] = [];
  readonly settled: Promise<void>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #open: number;

  constructor(parts: number) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.settled = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#open = parts;
    if (parts === 0) resolve();
  }

  settle(outcome: "accepted" | "duplicate" | { index: number; reason: string }) {
    if (outcome === "accepted") this.accepted++;
    else if (outcome === "duplicate") this.duplicates++;
    else this.failed.push(outcome);
    this.part();
  }

  /** One part of the batch that needs no counting is done. */
  part() {
    if (--this.#open === 0) this.#resolve();
  }

  /** The batch cannot be acknowledged; what of it was stored counts as duplicate when resent. */
  fail(error: unknown) {
    this.#reject(error);
  }
}

export interface EventMail {
  type: "event";
  event: IngestedEvent;
  fingerprint: Fingerprint;
  received_at: number;
  sent_at?: number;
  /** Position in its batch. */
  index: number;
  ack: Ack;
}

export interface AlarmMail {
  type: "alarm";
  /** The stored wake-up that fired. */
  at: number;
}

export type Mail = EventMail | AlarmMail;
