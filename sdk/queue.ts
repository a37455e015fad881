/** How a request ended; status 0 is no answer at all. */
export interface SendResult {
  status: number;
  retryAfterMs?: number;
}

/** What the queue needs of the world. */
export interface QueueDeps {
  send(body: string): Promise<SendResult>;
  /** Hands a body to the browser to send after the page is gone; `false` when it will not. */
  beacon(body: string): boolean;
  now(): number;
  /** Calls back after `ms`; returns what stops it. */
  after(ms: number, callback: () => void): () => void;
  /** Uniform in 0 to 1. */
  random(): number;
  /** Keeps events past the page, as JSON. */
  save(events: string[]): void;
  debug(message: string): void;
}

/** Events waiting; past it the oldest is dropped, errors last. */
export const MAX_EVENTS = 500;
export const MAX_BATCH_EVENTS = 100;
/** Characters of a batch: at 3 bytes each below 512 KiB. */
const MAX_BATCH_CHARS = 160_000;
/** Characters of one event: larger ones the server would refuse. */
export const MAX_EVENT_CHARS = 32_000;
/** Characters of one beacon: browsers take 64 KiB in all. */
const MAX_BEACON_CHARS = 20_000;
/** This many events do not wait for the timer. */
export const FLUSH_EVENTS = 20;
export const FLUSH_MS = 1000;
const MIN_BACKOFF_MS = 1000;
export const MAX_BACKOFF_MS = 60_000;

interface Item {
  json: string;
  isError: boolean;
}

const bodyOf = (items: Item[], now: number) =>
  `{"sent_at":"${new Date(now).toISOString()}","batch":[${items.map((i) => i.json).join()}]}`;

/** The first items that fit; at least one. */
function firstOf(items: Item[], maxChars: number): Item[] {
  let chars = 0;
  const end = items.findIndex(({ json }, i) => {
    chars += json.length + 1;
    return i > 0 && (i >= MAX_BATCH_EVENTS || chars > maxChars);
  });
  return end < 0 ? items : items.slice(0, end);
}

/**
 * Events on their way out: in order, one request at a time, retried until answered. A request that
 * was sent twice does no harm, since the server knows events by their ids.
 */
export function createQueue(deps: QueueDeps) {
  let items: Item[] = [];
  let isHeld = false;
  let current: Promise<void> | undefined;
  let failures = 0;
  let blockedUntil = 0;
  let dueAt = Infinity;
  let stopTimer = () => {};

  function remove(gone: Item[]): void {
    const set = new Set(gone);
    items = items.filter((item) => !set.has(item));
  }

  function schedule(ms: number): void {
    const at = Math.max(deps.now() + ms, blockedUntil);
    if (current || isHeld || at >= dueAt) return;
    stopTimer();
    dueAt = at;
    stopTimer = deps.after(at - deps.now(), () => {
      dueAt = Infinity;
      send();
    });
  }

  function settle(batch: Item[], { status, retryAfterMs = 0 }: SendResult): void {
    const isRetried = status === 0 || status === 408 || status === 429 || status >= 500;
    if (isRetried) {
      const backoff = MIN_BACKOFF_MS * 2 ** Math.min(failures++, 10);
      const jitter = 0.5 + deps.random() / 2;
      blockedUntil = deps.now() +
        Math.max(Math.min(backoff, MAX_BACKOFF_MS) * jitter, retryAfterMs);
    } else {
      failures = 0;
      remove(batch);
      if (status >= 400) deps.debug(`dropped ${batch.length} events: status ${status}`);
    }
  }

  async function request(): Promise<void> {
    const batch = firstOf(items, MAX_BATCH_CHARS);
    let result: SendResult = { status: 0 };
    try {
      result = await deps.send(bodyOf(batch, deps.now()));
    } catch {
      // No answer: tried again like every other.
    }
    current = undefined;
    settle(batch, result);
    if (items.length) schedule(0);
  }

  /** Begins a request unless one is under way, or it is not the time for one. */
  function send(): Promise<void> | undefined {
    if (current || isHeld || !items.length) return current;
    if (deps.now() < blockedUntil) return void schedule(0);
    stopTimer();
    dueAt = Infinity;
    return current = request();
  }

  function bound(): void {
    while (items.length > MAX_EVENTS) {
      remove([items.find((item) => !item.isError) ?? items[0] as Item]);
      deps.debug("queue full: dropped the oldest event");
    }
  }

  return {
    /** @param isUrgent it goes out as soon as the page's current task is done */
    add(json: string, isError: boolean, isUrgent: boolean): void {
      if (json.length > MAX_EVENT_CHARS) {
        return deps.debug(`dropped an event of ${json.length} characters`);
      }
      items = [...items, { json, isError }];
      bound();
      const isNow = isUrgent || items.length >= FLUSH_EVENTS;
      schedule(isNow ? 0 : FLUSH_MS);
    },
    /** Puts events that were kept in front, but for those that still wait. */
    restore(events: string[]): void {
      const waiting = new Set(items.map((item) => item.json));
      const kept = events.filter((json) => !waiting.has(json));
      items = [...kept.map((json) => ({ json, isError: false })), ...items];
      bound();
      if (items.length) schedule(0);
    },
    /** Sends what waits; resolves when it was answered or failed. */
    async flush(): Promise<void> {
      await current;
      await send();
    },
    /** The network is back: no need to wait out the pause. */
    retry(): void {
      blockedUntil = 0;
      void send();
    },
    /** The page may be going: what waits is kept for the next one, and given to the browser. */
    leave(): void {
      if (isHeld || !items.length) return;
      deps.save(items.map((item) => item.json));
      for (let rest = items; rest.length;) {
        const part = firstOf(rest, MAX_BEACON_CHARS);
        rest = rest.slice(part.length);
        if (deps.beacon(bodyOf(part, deps.now()))) remove(part);
      }
      void send();
    },
    /** While held, events wait and nothing leaves the page. */
    hold(held: boolean): void {
      isHeld = held;
      if (!held && items.length) schedule(0);
    },
    clear(): void {
      items = [];
    },
  };
}

export type Queue = ReturnType<typeof createQueue>;
