import type { TextStore } from "./store.ts";

/** A visit ends after this long without an event (as in GA4, PostHog, Amplitude). */
export const SESSION_IDLE_MS = 30 * 60 * 1000;

export type Consent = "granted" | "pending" | "denied";

/** What is kept on the device; names are short because a cookie may have to hold it. */
interface Kept {
  /** The visitor. */
  a?: string;
  /** The user, once known. */
  u?: string;
  /** The session, and when it last had an event. */
  s?: string;
  t?: number;
  /** The person's own choice: 1 opted in, 0 opted out. */
  c?: 0 | 1;
}

export interface VisitorOptions {
  store: TextStore;
  newId: () => string;
  now: () => number;
  anonymousId?: string;
  /** What holds until the person makes a choice. */
  consent: Consent;
}

function parse(text: string | null): Kept {
  try {
    const kept = JSON.parse(text ?? "{}");
    return typeof kept === "object" && kept ? kept : {};
  } catch {
    return {};
  }
}

/**
 * Who is here, by what is kept on the device. It is read anew each time, since other tabs of the
 * site share it; without consent nothing is written.
 */
export function createVisitor({ store, newId, now, anonymousId, consent }: VisitorOptions) {
  /** What is known while consent is pending. */
  let memory: Kept = {};

  function choice(): Consent {
    const { c } = parse(store.get());
    return c === 1 ? "granted" : c === 0 ? "denied" : consent;
  }

  const read = (): Kept => choice() === "granted" ? parse(store.get()) : memory;

  function write(kept: Kept): void {
    if (choice() === "granted") store.set(JSON.stringify(kept));
    else memory = kept;
  }

  return {
    consent: choice,
    /** The ids of an event that happens now; starts a session where the last one is over. */
    ids(): { anonymous_id: string; user_id?: string; session_id: string } {
      const kept = read();
      const at = now();
      const isOver = !kept.s || at - (kept.t ?? 0) > SESSION_IDLE_MS;
      const a = anonymousId || kept.a || newId();
      const s = isOver || !kept.s ? newId() : kept.s;
      write({ ...kept, a, s, t: at });
      return { anonymous_id: a, ...(kept.u && { user_id: kept.u }), session_id: s };
    },
    identify(userId: string): void {
      write({ ...read(), u: userId });
    },
    /** Another person from here on. */
    reset(): void {
      write({ c: read().c });
    },
    optIn(): void {
      store.set(JSON.stringify({ ...memory, ...parse(store.get()), c: 1 }));
      memory = {};
    },
    optOut(): void {
      memory = {};
      store.set('{"c":0}');
    },
  };
}
