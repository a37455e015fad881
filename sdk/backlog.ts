import type { TextStore } from "./store.ts";

/** What is kept for the next page: the newest events within these bounds. */
const MAX_EVENTS = 100;
const MAX_CHARS = 100_000;
/** The server knows an event it has seen for 24 h; one that is older could count twice. */
const MAX_AGE_MS = 20 * 60 * 60 * 1000;

interface Kept {
  at: number;
  json: string;
}

/** Events that outlive their page. Tabs of a site share it; an event sent twice does no harm. */
export function createBacklog(store: TextStore | undefined, now: () => number) {
  function read(): Kept[] {
    try {
      const kept = JSON.parse(store?.get() ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }
  return {
    save(events: string[]): void {
      const at = now();
      const kept = [...read(), ...events.map((json) => ({ at, json }))].slice(-MAX_EVENTS);
      let chars = kept.reduce((sum, { json }) => sum + json.length, 0);
      while (chars > MAX_CHARS) chars -= kept.shift()?.json.length ?? chars;
      store?.set(JSON.stringify(kept));
    },
    /** Takes all out. */
    take(): string[] {
      const events = read().filter(({ at, json }) =>
        now() - at < MAX_AGE_MS && typeof json === "string" && json.startsWith("{")
      ).map(({ json }) => json);
      store?.set("");
      return events;
    },
  };
}
