import { ApiError } from "../../schema/error.ts";
import { LIMITS } from "../../schema/limits.ts";
import type { MetricsPoint, StoredMessage } from "../../schema/live.ts";
import { wireFrame } from "./outbox.ts";

/** Someone who wants a project's messages as they are committed. */
export interface Subscriber {
  /** @param frame the message as the wire carries it, made once for all */
  onMessage(message: StoredMessage, frame: string): void;
  onMetrics(frame: string): void;
  /** The server is going away. */
  end(): void;
}

/** Hands committed messages to the subscribers of their project. Keeps no messages. */
export class LiveHub {
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #lastSeq = new Map<string, string>();

  /** @param start where the logs stood when nothing was being committed yet */
  constructor(private readonly start: string) {}

  /**
   * @returns ends the subscription
   * @throws {ApiError} `too_many_subscribers`
   */
  add(projectId: string, subscriber: Subscriber): () => void {
    const all = this.#subscribers.get(projectId) ?? new Set();
    if (all.size >= LIMITS.subscribers) {
      throw new ApiError(
        "too_many_subscribers",
        `This project has ${LIMITS.subscribers} live subscribers, its limit; close one first`,
        30,
      );
    }
    this.#subscribers.set(projectId, all.add(subscriber));
    return () => {
      // Once only: by the second time the project's set may be another one.
      if (all.delete(subscriber) && all.size === 0) this.#subscribers.delete(projectId);
    };
  }

  /**
   * Where a project's stream stands: seq of the last message published, or of the start. Never the
   * store's own head, which counts seqs of commits that are still under way.
   */
  lastSeq(projectId: string): string {
    return this.#lastSeq.get(projectId) ?? this.start;
  }

  count(projectId: string): number {
    return this.#subscribers.get(projectId)?.size ?? 0;
  }

  /** @param messages committed, in the order of their seqs */
  publish(projectId: string, messages: StoredMessage[]) {
    const last = messages.at(-1);
    if (!last) return;
    this.#lastSeq.set(projectId, last.seq);
    const subscribers = this.#subscribers.get(projectId);
    if (!subscribers) return;
    for (const message of messages) {
      const frame = wireFrame(message);
      for (const subscriber of subscribers) subscriber.onMessage(message, frame);
    }
  }

  /** Ends all subscriptions; subscribers may come back with the last seq they have. */
  endAll() {
    for (const all of [...this.#subscribers.values()]) {
      for (const subscriber of [...all]) subscriber.end();
    }
  }

  publishMetrics(projectId: string, point: MetricsPoint) {
    const frame = JSON.stringify({ type: "metrics", at: point.at, data: point });
    for (const subscriber of this.#subscribers.get(projectId) ?? []) subscriber.onMetrics(frame);
  }
}
