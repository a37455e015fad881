/** Names one actor: a visitor (or person) of one project. */
export interface ActorRef {
  project_id: string;
  /** See `engine/actor_key.ts`. */
  actor: string;
}

/** What a store holds of an actor. */
export interface LoadedActor {
  /** Compared at commit; `null` for an actor that is not stored. */
  version: string | null;
  /** The record as JSON (see `actors/runtime/record.ts`). */
  record: string | null;
  /** Segments of the fingerprint ring by index. */
  fingerprints: { segment: number; bytes: Uint8Array }[];
}

/** All that one turn of one actor changes. Committed whole or not at all. */
export interface TurnWrite {
  ref: ActorRef;
  /** The version that the turn was computed from. */
  expected: string | null;
  /** The new record as JSON; `null` removes the actor. */
  record: string | null;
  /** Written whole; with `record: null`, removed. */
  fingerprints: { segment: number; bytes: Uint8Array }[];
  /** Stored wake-ups to drop and the one to add, milliseconds since the epoch. */
  alarms: { remove: number[]; add: number | null };
  /** Chunks of the journal (JSON arrays of journal entries) under one seq each. */
  journal: { seq: string; bytes: Uint8Array }[];
  /** Live messages, as stored (see `actors/live/outbox.ts`). */
  outbox: { seq: string; value: string }[];
  dead_letters: DeadLetterWrite[];
}

export interface DeadLetterWrite {
  project_id: string;
  seq: string;
  value: Uint8Array;
}

/** A group of turns of different actors, and dead letters that belong to none. */
export interface CommitGroup {
  turns: TurnWrite[];
  dead_letters: DeadLetterWrite[];
}

export type CommitResult =
  | { ok: true; /** The new version of every actor in the group. */ version: string }
  | { ok: false };

/** The numbered logs of a project. */
export type LogName = "outbox" | "journal" | "dead_letters";

export interface LogEntry {
  seq: string;
  value: string;
}

export interface LogRange {
  /** Exclusive. */
  after?: string;
  limit: number;
  /** Newest first. */
  reverse?: boolean;
}

export interface DueAlarm {
  ref: ActorRef;
  at: number;
}

/** How much one commit may carry. */
export interface StoreLimits {
  turns: number;
  mutations: number;
  bytes: number;
}

/**
 * Where actors are durable. A commit is atomic; a commit that throws may have happened, and whoever
 * called reads again to know (DESIGN: ambiguity). One contract suite tries every store.
 */
export interface ActorStore {
  readonly limits: StoreLimits;
  load(ref: ActorRef): Promise<LoadedActor>;
  /**
   * Numbers for log entries, increasing. Take them right before the commit that uses them: readers
   * rely on entries becoming visible in the order of their seq.
   */
  allocateSeqs(count: number): string[];
  /** The last seq handed out by this store; the place "now" in every log. */
  head(): string;
  commit(group: CommitGroup): Promise<CommitResult>;
  dueAlarms(now: number, limit: number): Promise<DueAlarm[]>;
  readLog(log: LogName, project_id: string, range: LogRange): Promise<LogEntry[]>;
  /** Up to this seq the log was pruned; `null` when all of it is there. */
  prunedTo(log: LogName, project_id: string): Promise<string | null>;
  /** Whether a cursor can be one of this store's. */
  isSeq(text: string): boolean;
  /**
   * Removes entries at or before `upTo` (and the oldest beyond `keep`).
   *
   * @returns how many were removed
   */
  prune(log: LogName, project_id: string, bound: { upTo?: string; keep?: number }): Promise<number>;
  readonly documents: DocumentStore;
  close(): Promise<void>;
}

/** Small JSON documents by key: projects, keys, secrets, settings. */
export interface DocumentStore {
  get<T>(key: string[]): Promise<{ value: T; version: string } | null>;
  /**
   * @param expected the version read, `null` for a document that must not exist yet; left out, it is
   * written whatever is there
   * @returns whether it was written
   */
  put(key: string[], value: unknown, expected?: string | null): Promise<boolean>;
  delete(key: string[]): Promise<void>;
  list<T>(prefix: string[]): Promise<{ key: string[]; value: T }[]>;
}
