import {
  type LiveFilter,
  type LiveInbound,
  type LiveOutbound,
  liveOutboundSchema,
  type Topic,
} from "../schema/live.ts";

export interface TailOptions {
  /** Where the server is: `http://127.0.0.1:8000`. */
  url: string;
  /** A read key or a live token. */
  token: string;
  topics: Topic[];
  filter?: LiveFilter;
  /** A `seq`: begin behind it. */
  after?: string;
}

export interface TailDeps {
  /** Ends the tail. */
  signal: AbortSignal;
  /** Each message as it came, and parsed; `undefined` when this version does not know it. */
  onMessage(text: string, message: LiveOutbound | undefined): void;
  /** What happens to the connection, in words. */
  onStatus(text: string): void;
  /** Resolves after `ms`, or at once when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Uniform in 0 to 1. */
  random(): number;
}

/** The stream cannot be had; the message says what to do about it. */
export class TailError extends Error {
  override readonly name = "TailError";
}

const MIN_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
const PING_MS = 30_000;
/** Close code of the server for a token that ran out. */
const TOKEN_EXPIRED = 4401;
/** What no further attempt can change. */
const FATAL_CODES = ["body_invalid", "topic_forbidden", "token_invalid", "key_forbidden"];

const KEY_ADVICE =
  "give a read key with --key or SNAG_READ_KEY; the demo project's is read_key in " +
  "DATA_DIR/demo_keys.json";

function liveUrl({ url, token }: TailOptions): URL {
  const live = URL.parse(url.replace(/\/+$/, "") + "/v1/live");
  if (!live || !/^https?:$/.test(live.protocol)) {
    throw new TailError(`Not a server's address: "${url}"; it looks like http://127.0.0.1:8000`);
  }
  live.searchParams.set("token", token);
  return live;
}

/**
 * Why a connection did not open: a WebSocket does not say, a plain request does.
 *
 * @returns a reason that may pass
 * @throws {TailError} for a reason that will not
 */
async function diagnose(options: TailOptions, signal: AbortSignal): Promise<string> {
  const url = liveUrl(options);
  let response;
  let text;
  try {
    response = await fetch(url, { signal, redirect: "manual" });
    text = await response.text();
  } catch {
    return "no answer";
  }
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? `status ${response.status}`;
  if (response.status === 401 || response.status === 403) {
    throw new TailError(`The server refuses the key (${message}): ${KEY_ADVICE}`);
  }
  if (response.status === 404 || response.status < 400) {
    throw new TailError(`There is no live stream at ${options.url}: is this Snag's address?`);
  }
  // 426 is what a working server says to a request that is no WebSocket.
  return response.status === 426 ? "connection broken" : message;
}

interface Connection {
  opened: boolean;
  closeCode?: number;
}

/** Follows the live stream until the signal aborts, over as many connections as that takes. */
class Tail {
  #after: string | undefined;
  #failures = 0;
  #fatal: TailError | undefined;

  constructor(private readonly options: TailOptions, private readonly deps: TailDeps) {
    this.#after = options.after;
  }

  async run(): Promise<void> {
    const { signal } = this.deps;
    let hasOpened = false;
    while (!signal.aborted) {
      const { opened, closeCode } = await this.#connect();
      if (this.#fatal) throw this.#fatal;
      if (signal.aborted) return;
      if (closeCode === TOKEN_EXPIRED) throw new TailError(`The token expired: ${KEY_ADVICE}`);
      hasOpened ||= opened;
      const reason = opened ? "connection lost" : await diagnose(this.options, signal);
      if (signal.aborted) return;
      if (!hasOpened && reason === "no answer") {
        throw new TailError(
          `No server answers at ${this.options.url}: start it with "deno task start", ` +
            "or give its address with --url",
        );
      }
      await this.#pause(reason);
    }
  }

  async #pause(reason: string): Promise<void> {
    const backoff = Math.min(MIN_BACKOFF_MS * 2 ** this.#failures++, MAX_BACKOFF_MS);
    const ms = Math.round(backoff * (0.5 + this.deps.random() / 2));
    this.deps.onStatus(`Disconnected (${reason}); trying again in ${(ms / 1000).toFixed(1)} s`);
    await this.deps.wait(ms, this.deps.signal);
  }

  #subscribe(socket: WebSocket): void {
    const { topics, filter } = this.options;
    const message: LiveInbound = { type: "subscribe", topics, filter, after: this.#after };
    socket.send(JSON.stringify(message));
  }

  #connect(): Promise<Connection> {
    const { signal } = this.deps;
    const url = liveUrl(this.options);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    return new Promise((resolve) => {
      let opened = false;
      let heardSincePing = true;
      const ping = setInterval(() => {
        if (!heardSincePing) return end();
        heardSincePing = false;
        if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
      }, PING_MS);
      // Closing may take as long as the other side likes: it is begun, not waited for.
      const end = (closeCode?: number) => {
        clearInterval(ping);
        signal.removeEventListener("abort", stop);
        socket.onopen =
          socket.onmessage =
          socket.onclose =
          socket.onerror =
            null;
        socket.close();
        resolve({ opened, closeCode });
      };
      const stop = () => end();
      signal.addEventListener("abort", stop);
      socket.onopen = () => {
        opened = true;
        this.#subscribe(socket);
      };
      socket.onmessage = ({ data }) => {
        heardSincePing = true;
        this.#receive(socket, String(data));
        if (this.#fatal) end();
      };
      socket.onerror = () => end();
      socket.onclose = ({ code }) => end(code);
    });
  }

  #receive(socket: WebSocket, text: string): void {
    const message = parseMessage(text);
    if (message?.type === "subscribed") {
      if (this.#failures > 0) this.deps.onStatus("Connected again");
      this.#failures = 0;
      // When resuming, messages up to here are still to come: the old place counts until then.
      this.#after ??= message.after;
    } else if (message?.type === "resync") {
      this.#after = message.after;
      this.deps.onStatus(
        message.reason === "too_old"
          ? "Some messages are too old to be sent again; going on from here"
          : "Fell behind; catching up",
      );
      this.#subscribe(socket);
    } else if (message?.type === "error") {
      const { code, message: what } = message.error;
      if (FATAL_CODES.includes(code)) this.#fatal = new TailError(`The server says: ${what}`);
      else this.deps.onStatus(`The server says: ${what}`);
    } else if (message && "seq" in message) this.#after = message.seq;
    this.deps.onMessage(text, message);
  }
}

function parseMessage(text: string): LiveOutbound | undefined {
  try {
    return liveOutboundSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Follows the live stream; reconnects with growing pauses and resumes where it was.
 *
 * @throws {TailError} when the key is refused, or nothing answers at the first attempt
 */
export function tail(options: TailOptions, deps: TailDeps): Promise<void> {
  return new Tail(options, deps).run();
}
