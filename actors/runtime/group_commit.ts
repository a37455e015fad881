import { LIMITS } from "../../schema/limits.ts";
import { type Clock, delay } from "../clock.ts";
import type { ActorStore, DeadLetterWrite } from "../stores/port.ts";
import { decodeRecord } from "./record.ts";
import type { Turn } from "./turn.ts";

/** What became of one turn. */
export type TurnFate =
  | { type: "committed"; version: string }
  /** Another writer was faster: reload the actor and fold its mail again. */
  | { type: "conflict" }
  /** The store refuses this turn however often it is tried. */
  | { type: "poisoned"; error: unknown }
  /** The store cannot commit now. */
  | { type: "unavailable"; error: unknown };

const BACKOFF_FIRST_MS = 5;
const BACKOFF_MAX_MS = 500;

/**
 * Commits turns of different actors in one atomic write. A conflict, or a value that the store
 * refuses, bisects the group, so that one actor never takes others down. A commit whose answer is
 * lost is looked up by its commit id before anything is tried again.
 */
export class GroupCommit {
  constructor(
    private readonly store: ActorStore,
    private readonly clock: Clock,
    private readonly onRetry: () => void = () => {},
  ) {}

  /** @returns one fate for each turn, in order */
  async commit(turns: Turn[]): Promise<TurnFate[]> {
    let error: unknown;
    for (let attempt = 0; attempt < LIMITS.commit_attempts; attempt++) {
      if (attempt > 0) await this.#backOff(attempt);
      try {
        this.#number(turns.flatMap(({ write }) => [
          ...write.journal,
          ...write.outbox,
          ...write.dead_letters,
        ]));
        const result = await this.store.commit({
          turns: turns.map(({ write }) => write),
          dead_letters: [],
        });
        if (result.ok) {
          return turns.map(() => ({ type: "committed", version: result.version }));
        }
        return turns.length === 1 ? [{ type: "conflict" }] : await this.#bisect(turns);
      } catch (thrown) {
        error = thrown;
      }
      const version = await this.#versionIfCommitted(turns);
      if (version !== undefined) return turns.map(() => ({ type: "committed", version }));
      if (isRefusal(error)) {
        return turns.length === 1 ? [{ type: "poisoned", error }] : await this.#bisect(turns);
      }
    }
    return turns.map(() => ({ type: "unavailable", error }));
  }

  /**
   * Writes dead letters that belong to no turn.
   *
   * @throws what the store threw last, once all attempts are used up
   */
  async commitDeadLetters(letters: DeadLetterWrite[]): Promise<void> {
    let error: unknown;
    for (let attempt = 0; attempt < LIMITS.commit_attempts; attempt++) {
      if (attempt > 0) await this.#backOff(attempt);
      try {
        this.#number(letters);
        await this.store.commit({ turns: [], dead_letters: letters });
        return;
      } catch (thrown) {
        error = thrown;
      }
    }
    throw error;
  }

  #backOff(attempt: number): Promise<void> {
    this.onRetry();
    return delay(this.clock, Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 1), BACKOFF_MAX_MS));
  }

  async #bisect(turns: Turn[]): Promise<TurnFate[]> {
    const half = Math.ceil(turns.length / 2);
    const first = await this.commit(turns.slice(0, half));
    return [...first, ...await this.commit(turns.slice(half))];
  }

  /** Seqs are taken right before the write, so that entries become visible in their order. */
  #number(entries: { seq: string }[]) {
    const seqs = this.store.allocateSeqs(entries.length);
    entries.forEach((entry, i) => {
      entry.seq = seqs[i] as string;
    });
  }

  /** The group is atomic, so its first turn's commit id tells for all. */
  async #versionIfCommitted(turns: Turn[]): Promise<string | undefined> {
    const first = turns[0];
    if (!first?.record) return undefined;
    try {
      const { record, version } = await this.store.load(first.ref);
      if (record === null || version === null) return undefined;
      if (decodeRecord(record).last_commit_id !== first.record.last_commit_id) return undefined;
      return version;
    } catch {
      // The store is away; the retry that follows meets the same failure and reports it.
      return undefined;
    }
  }
}

/** An error that the same write will always meet: a value too large, a key that is none. */
function isRefusal(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}
