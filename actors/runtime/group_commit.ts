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
    let isUnknown = false;
    for (let attempt = 0; attempt < LIMITS.commit_attempts; attempt++) {
      if (attempt > 0) await this.#backOff(attempt);
      // While nobody knows whether the last attempt happened, its seqs must not be taken anew.
      if (!isUnknown) {
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
      }
      const version = await this.#versionIfCommitted(turns);
      if (typeof version === "string") return turns.map(() => ({ type: "committed", version }));
      isUnknown = version === undefined;
      if (!isUnknown && isRefusal(error)) {
        return turns.length === 1 ? [{ type: "poisoned", error }] : await this.#bisect(turns);
      }
    }
    return turns.map(() => ({ type: "unavailable", error }));
  }

  /**
   * Writes dead letters that belong to no turn, in as many writes as the store's limits ask for.
   *
   * @throws what the store threw last, once all attempts are used up
   */
  async commitDeadLetters(letters: DeadLetterWrite[]): Promise<void> {
    const { mutations, bytes } = this.store.limits;
    let part: DeadLetterWrite[] = [];
    let size = 0;
    for (const letter of letters) {
      if (part.length === mutations || size + letter.value.length > bytes) {
        await this.#writeDeadLetters(part);
        part = [];
        size = 0;
      }
      part.push(letter);
      size += letter.value.length;
    }
    await this.#writeDeadLetters(part);
  }

  async #writeDeadLetters(letters: DeadLetterWrite[]): Promise<void> {
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

  /**
   * The group is atomic, so the commit id of one turn tells for all. Each is asked, as another
   * writer may have gone on from one of them since.
   *
   * @returns `null` when it did not happen, `undefined` when that cannot be known now
   */
  async #versionIfCommitted(turns: Turn[]): Promise<string | null | undefined> {
    let answer: null | undefined = null;
    for (const { ref, record: mine } of turns) {
      // To remove an actor once more does no harm, so it needs no answer.
      if (mine === null) continue;
      try {
        const { record, version } = await this.store.load(ref);
        if (record === null || version === null) continue;
        if (decodeRecord(record).last_commit_id === mine.last_commit_id) return version;
      } catch {
        // The store is away; the retry that follows meets the same failure and reports it.
        answer = undefined;
      }
    }
    return answer;
  }
}

/** An error that the same write will always meet: a value too large, a key that is none. */
function isRefusal(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}
