import type {
  LiveFilter,
  LiveInbound,
  LiveOutbound,
  MetricsPoint,
  StoredMessage,
  Topic,
} from "../schema/live.ts";
import {
  browserClock,
  connectWebSocket,
  type LiveClock,
  type Socket,
  type SocketEvents,
} from "./live_socket.ts";

/** What `POST /v1/live/tokens` answers. */
export interface LiveToken {
  token: string;
  expires_at: string;
}

/** Where the connection stands; times in milliseconds since the epoch. */
export type LiveStatus =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "waiting"; retryAt: number }
  | { kind: "offline" }
  | { kind: "login_needed" }
  | { kind: "token_expired" }
  | { kind: "stopped" };

/** The login is over: renewing the token cannot succeed until the person logs in again. */
export class LoginNeededError extends Error {
  override readonly name = "LoginNeededError";
}

/** What the client follows, and whom it tells. */
export interface LiveClientOptions {
  /** Address of `/v1/live`, without the token. */
  url: string;
  token: LiveToken;
  topics: Topic[];
  filter?: LiveFilter;
  /** A seq to resume behind. */
  after?: string;
  /**
   * Gets a new token. Without it the client stops when its token ends.
   *
   * @throws {LoginNeededError} when nobody is logged in any more
   */
  renewToken?: () => Promise<LiveToken>;
  /** Called once for every stored message, in the order of arrival. */
  onMessage(message: StoredMessage): void;
  onMetrics?(point: MetricsPoint): void;
  onStatus?(status: LiveStatus): void;
  /** Messages are lost for good: the client was away for longer than they are kept. */
  onGap?(): void;
  onError?(error: { code: string; message: string }): void;
  connect?: (url: string, events: SocketEvents) => Socket;
  clock?: LiveClock;
}

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;
/** A connection that lived this long was a good one; the next failure starts from the beginning. */
const STABLE_MS = 5_000;
const RENEW_BEFORE_EXPIRY_MS = 30_000;
const HEARTBEAT_MS = 10_000;
const QUIET_MS = 15_000;
const DEAD_MS = 35_000;
/** Attempts in a row without an answer before the token itself is suspected. */
const ATTEMPTS_PER_TOKEN = 2;
const IDS_REMEMBERED = 4096;
const CLOSE_TOKEN_EXPIRED = 4401;

/** Follows `/v1/live`: subscribes, resumes, reconnects, and delivers each message once. */
export class LiveClient {
  readonly #options: LiveClientOptions;
  readonly #clock: LiveClock;
  readonly #connectSocket: (url: string, events: SocketEvents) => Socket;
  readonly #seen = new Set<string>();
  #token: LiveToken;
  #after: string | undefined;
  #socket: Socket | null = null;
  /** Counts connections, so that a late word from an old socket is ignored. */
  #connection = 0;
  #attempts = 0;
  #unanswered = 0;
  #liveSince = 0;
  #lastHeard = 0;
  #renewFirst = false;
  #timer: number | undefined;
  #status: LiveStatus = { kind: "stopped" };

  constructor(options: LiveClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? browserClock;
    this.#connectSocket = options.connect ?? connectWebSocket;
    this.#token = options.token;
    this.#after = options.after;
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** Connects; does nothing while a connection stands or is being made. */
  start(): void {
    if (["connecting", "live"].includes(this.#status.kind)) return;
    this.#cancelTimer();
    void this.#open();
  }

  /** Closes the connection and stays silent. */
  stop(): void {
    this.#drop();
    this.#setStatus({ kind: "stopped" });
  }

  /** The network is back or the person returned: does not wait for the next attempt. */
  wake(): void {
    if (this.#status.kind === "waiting" || this.#status.kind === "offline") this.start();
    else if (this.#status.kind === "live") this.#checkHeartbeat();
  }

  /** The network is gone: no attempts until {@link wake}. */
  sleep(): void {
    if (["stopped", "login_needed", "token_expired"].includes(this.#status.kind)) return;
    this.#drop();
    this.#setStatus({ kind: "offline" });
  }

  async #open(): Promise<void> {
    const connection = ++this.#connection;
    this.#setStatus({ kind: "connecting" });
    if (this.#renewFirst || this.#tokenEndsSoon()) {
      const renewed = await this.#renew();
      if (connection !== this.#connection) return;
      if (!renewed) return;
    }
    this.#lastHeard = this.#clock.now();
    const ifCurrent = (run: () => void) => connection === this.#connection && run();
    this.#socket = this.#connectSocket(
      `${this.#options.url}?token=${encodeURIComponent(this.#token.token)}`,
      {
        open: () => ifCurrent(() => this.#subscribe()),
        message: (text) => ifCurrent(() => this.#receive(JSON.parse(text) as LiveOutbound)),
        close: (code) => ifCurrent(() => this.#lost(code)),
      },
    );
    this.#timer = this.#clock.setTimeout(() => this.#checkHeartbeat(), HEARTBEAT_MS);
  }

  #subscribe(): void {
    const { topics, filter } = this.#options;
    this.#send({ type: "subscribe", topics, filter, after: this.#after });
  }

  #receive(message: LiveOutbound): void {
    this.#lastHeard = this.#clock.now();
    switch (message.type) {
      case "subscribed":
        // With an `after` of our own, what lies between it and theirs is still on its way.
        this.#after ??= message.after;
        this.#unanswered = 0;
        this.#liveSince = this.#clock.now();
        this.#setStatus({ kind: "live" });
        return;
      case "resync":
        this.#after = message.after;
        if (message.reason === "too_old") this.#options.onGap?.();
        this.#subscribe();
        return;
      case "metrics":
        this.#options.onMetrics?.(message.data);
        return;
      case "error":
        this.#options.onError?.(message.error);
        return;
      case "pong":
        return;
      default:
        if ("seq" in message) this.#deliver(message);
    }
  }

  #deliver(message: StoredMessage): void {
    this.#after = message.seq;
    // A session is told again and again under its id; only a signal's id names one message.
    const key = message.type === "signal" ? message.data.id : `${message.type} ${message.seq}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#seen.size > IDS_REMEMBERED) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    this.#options.onMessage(message);
  }

  #lost(code: number): void {
    const lived = this.#liveSince > 0 && this.#clock.now() - this.#liveSince >= STABLE_MS;
    this.#drop();
    if (lived) this.#attempts = 0;
    if (code === CLOSE_TOKEN_EXPIRED || ++this.#unanswered >= ATTEMPTS_PER_TOKEN) {
      this.#renewFirst = true;
      this.#unanswered = 0;
    }
    if (code === CLOSE_TOKEN_EXPIRED && lived) void this.#open();
    else this.#retryLater();
  }

  #retryLater(): void {
    const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** this.#attempts++);
    const wait = ceiling / 2 + this.#clock.random() * ceiling / 2;
    this.#timer = this.#clock.setTimeout(() => void this.#open(), wait);
    this.#setStatus({ kind: "waiting", retryAt: this.#clock.now() + wait });
  }

  /** @returns whether there is a token to connect with; if not, what happens next is arranged */
  async #renew(): Promise<boolean> {
    const connection = this.#connection;
    const { renewToken } = this.#options;
    if (!renewToken) {
      if (!this.#tokenEndsSoon()) return true;
      this.#setStatus({ kind: "token_expired" });
      return false;
    }
    try {
      this.#token = await renewToken();
      this.#renewFirst = false;
      return true;
    } catch (error) {
      if (connection !== this.#connection) return false;
      if (error instanceof LoginNeededError) this.#setStatus({ kind: "login_needed" });
      else this.#retryLater();
      return false;
    }
  }

  #tokenEndsSoon(): boolean {
    return Date.parse(this.#token.expires_at) - this.#clock.now() < RENEW_BEFORE_EXPIRY_MS;
  }

  /** A peer that vanished closes nothing, so silence is answered with a question, then an end. */
  #checkHeartbeat(): void {
    this.#cancelTimer();
    if (!this.#socket) return;
    const quiet = this.#clock.now() - this.#lastHeard;
    if (quiet >= DEAD_MS) return this.#lost(0);
    if (quiet >= QUIET_MS && this.#status.kind === "live") this.#send({ type: "ping" });
    this.#timer = this.#clock.setTimeout(() => this.#checkHeartbeat(), HEARTBEAT_MS);
  }

  #send(message: LiveInbound): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #drop(): void {
    this.#connection++;
    this.#cancelTimer();
    this.#socket?.close();
    this.#socket = null;
    this.#liveSince = 0;
  }

  #cancelTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #setStatus(status: LiveStatus): void {
    this.#status = status;
    this.#options.onStatus?.(status);
  }
}
