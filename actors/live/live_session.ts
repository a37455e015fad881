import { LIMITS } from "../../schema/limits.ts";
import {
  type LiveFilter,
  type LiveOutbound,
  type StoredMessage,
  type Topic,
  TOPIC_OF,
} from "../../schema/live.ts";
import { type Clock, delay } from "../clock.ts";
import type { ActorStore } from "../stores/port.ts";
import { bothFilters } from "./filter.ts";
import type { LiveHub, Subscriber } from "./hub.ts";
import { decodeOutbox, wireFrame } from "./outbox.ts";

/** The wire to one subscriber, whichever it is. */
export interface Outlet {
  /** @param seq of the message in the frame, where it has one */
  send(frame: string, seq?: string): void;
  /** Bytes that the reader has not taken yet. */
  buffered(): number;
  close(code: number, reason: string): void;
}

/** What the subscriber may see, from its key or token. */
export interface LiveGrant {
  project_id: string;
  topics: readonly Topic[];
  filter?: LiveFilter;
}

export interface Subscription {
  topics: Topic[];
  filter?: LiveFilter;
  after?: string;
}

const PAGE = 500;
const DRAIN_CHECK_MS = 25;
const STALL_CHECK_MS = 5000;

/**
 * One subscriber's place in the stream. Live messages go out as they are published; a resume reads
 * the outbox until it meets the live end, without gap or double; a slow reader is told to `resync`
 * and gets nothing more until it subscribes again, so that its buffer stays bounded.
 */
export class LiveSession implements Subscriber {
  readonly #leave: () => void;
  readonly #cancelStallCheck: () => void;
  #topics = new Set<Topic>();
  #passes: (message: StoredMessage) => boolean = () => true;
  #phase: "silent" | "reading" | "live" | "closed" = "silent";
  /** Everything up to here was sent or filtered out. */
  #cursor = "";
  /** Each `subscribe` gets one; a reader of an older one stops. */
  #generation = 0;
  #fullSince: number | undefined;

  /** @throws {ApiError} `too_many_subscribers` */
  constructor(
    private readonly deps: { store: ActorStore; hub: LiveHub; clock: Clock },
    private readonly grant: LiveGrant,
    private readonly outlet: Outlet,
  ) {
    this.#leave = deps.hub.add(grant.project_id, this);
    this.#cancelStallCheck = this.#watchStall();
  }

  /** Begins, or begins again, at `after` or now. */
  async subscribe({ topics, filter, after }: Subscription): Promise<void> {
    if (this.#isClosed) return;
    const { hub } = this.deps;
    const { project_id } = this.grant;
    const generation = ++this.#generation;
    this.#topics = new Set(topics);
    this.#passes = bothFilters(this.grant.filter, filter);
    if (after === undefined) {
      this.#cursor = hub.lastSeq(project_id);
      this.#phase = "live";
      this.#tell({ type: "subscribed", topics, after: this.#cursor });
      return;
    }
    this.#phase = "reading";
    const from = await this.#resumePoint(after);
    if (generation !== this.#generation || this.#isClosed) return;
    if (from !== after) {
      this.#phase = "silent";
      this.#tell({ type: "resync", after: from, reason: "too_old" });
      return;
    }
    this.#cursor = after;
    this.#tell({ type: "subscribed", topics, after });
    await this.#readUntilLive(generation);
  }

  onMessage(message: StoredMessage, frame: string) {
    if (this.#phase !== "live" || message.seq <= this.#cursor) return;
    if (!this.#wants(message)) {
      this.#cursor = message.seq;
      return;
    }
    if (this.outlet.buffered() > LIMITS.socket_buffered_bytes) {
      this.#phase = "silent";
      this.#tell({ type: "resync", after: this.#cursor, reason: "slow_reader" });
      return;
    }
    this.#cursor = message.seq;
    this.outlet.send(frame, message.seq);
  }

  onMetrics(frame: string) {
    if (this.#phase !== "live" || !this.#topics.has("metrics")) return;
    if (this.outlet.buffered() <= LIMITS.socket_buffered_bytes) this.outlet.send(frame);
  }

  end() {
    this.outlet.close(1001, "Server is going away");
    this.close();
  }

  close() {
    if (this.#isClosed) return;
    this.#phase = "closed";
    this.#generation++;
    this.#cancelStallCheck();
    this.#leave();
  }

  get #isClosed(): boolean {
    return this.#phase === "closed";
  }

  #wants(message: StoredMessage): boolean {
    return this.#topics.has(TOPIC_OF[message.type]) && this.#passes(message);
  }

  #tell(message: LiveOutbound) {
    this.outlet.send(JSON.stringify(message));
  }

  /** `after` itself, or the oldest place there is when it is gone or not of this store. */
  async #resumePoint(after: string): Promise<string> {
    const { store, hub } = this.deps;
    if (!store.isSeq(after) || after > store.head()) {
      return hub.lastSeq(this.grant.project_id);
    }
    const prunedTo = await store.prunedTo("outbox", this.grant.project_id);
    return prunedTo !== null && after < prunedTo ? prunedTo : after;
  }

  async #readUntilLive(generation: number) {
    const { store, hub } = this.deps;
    const { project_id } = this.grant;
    while (generation === this.#generation) {
      const entries = await store.readLog("outbox", project_id, {
        after: this.#cursor,
        limit: PAGE,
      });
      const prunedTo = await store.prunedTo("outbox", project_id);
      if (generation !== this.#generation) return;
      if (prunedTo !== null && this.#cursor < prunedTo) {
        // Pruned while this was reading: what is gone must not be left out in silence.
        this.#phase = "silent";
        this.#tell({ type: "resync", after: prunedTo, reason: "too_old" });
        return;
      }
      for (const entry of entries) {
        if (generation !== this.#generation) return;
        await this.#room();
        const message = decodeOutbox(entry);
        if (generation !== this.#generation) return;
        this.#cursor = message.seq;
        if (this.#wants(message)) this.outlet.send(wireFrame(message), message.seq);
      }
      if (generation !== this.#generation) return;
      const last = hub.lastSeq(project_id);
      if (entries.length < PAGE && last <= this.#cursor) {
        this.#phase = "live";
        return;
      }
    }
  }

  /** Waits while the reader is behind; the stall check ends the wait of one that never reads. */
  async #room() {
    while (!this.#isClosed && this.outlet.buffered() > LIMITS.socket_buffered_bytes / 2) {
      await delay(this.deps.clock, DRAIN_CHECK_MS);
    }
  }

  #watchStall(): () => void {
    const { clock } = this.deps;
    let cancel = () => {};
    const check = () => {
      const isFull = this.outlet.buffered() > LIMITS.socket_buffered_bytes / 2;
      this.#fullSince = isFull ? this.#fullSince ?? clock.now() : undefined;
      const since = this.#fullSince;
      if (since !== undefined && clock.now() - since >= LIMITS.socket_stalled_ms) {
        this.outlet.close(1013, "Reader too slow");
        this.close();
      } else cancel = clock.setTimeout(check, STALL_CHECK_MS);
    };
    cancel = clock.setTimeout(check, STALL_CHECK_MS);
    return () => cancel();
  }
}
