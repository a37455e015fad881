import { LIMITS } from "../../schema/limits.ts";
import { type Clock, repeat } from "../clock.ts";
import type { ActorStore, LogName } from "../stores/port.ts";

const MARK_EVERY_MS = 5 * 60_000;
const LOGS: readonly LogName[] = ["outbox", "journal", "dead_letters"];
const KEEP: Record<LogName, number | undefined> = {
  outbox: LIMITS.live_retention_messages,
  journal: undefined,
  dead_letters: LIMITS.dead_letters,
};

/** Where the logs stood at a time. */
interface Mark {
  at: number;
  seq: string;
}

/** Notes where the logs stand, and removes what is older than they are kept. */
export async function sweepLogs(
  deps: { store: ActorStore; now: number; projects: string[] },
): Promise<number> {
  const { store, now } = deps;
  const key = ["retention", "marks"];
  const marks = (await store.documents.get<Mark[]>(key))?.value ?? [];
  const horizon = now - LIMITS.live_retention_ms;
  const old = marks.filter(({ at }) => at <= horizon).at(-1);
  const kept = marks.filter((mark) => mark.at > horizon || mark === old);
  await store.documents.put(key, [...kept, { at: now, seq: store.head() }]);
  let removed = 0;
  for (const project of deps.projects) {
    for (const log of LOGS) {
      removed += await store.prune(log, project, { upTo: old?.seq, keep: KEEP[log] });
    }
  }
  return removed;
}

/** Runs {@link sweepLogs} every five minutes. @returns stops it */
export function startRetention(deps: {
  store: ActorStore;
  clock: Clock;
  projects: () => Promise<string[]>;
  onProblem: (what: string, error: unknown) => void;
}): () => Promise<void> {
  return repeat(deps.clock, MARK_EVERY_MS, async () => {
    try {
      const projects = await deps.projects();
      await sweepLogs({ store: deps.store, now: deps.clock.now(), projects });
    } catch (error) {
      deps.onProblem("Old log entries could not be removed", error);
    }
  });
}
