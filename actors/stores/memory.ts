import type {
  ActorRef,
  ActorStore,
  CommitGroup,
  CommitResult,
  DocumentStore,
  DueAlarm,
  LoadedActor,
  LogEntry,
  LogName,
  LogRange,
  TurnWrite,
} from "./port.ts";
import { SeqFormat } from "./seq.ts";

interface MemoryActor {
  version: string;
  record: string;
  fingerprints: Map<number, Uint8Array>;
}

class MemoryDocuments implements DocumentStore {
  readonly #documents = new Map<string, { key: string[]; json: string; version: number }>();
  #versions = 0;

  get<T>(key: string[]) {
    const found = this.#documents.get(key.join("\0"));
    return Promise.resolve(
      found ? { value: JSON.parse(found.json) as T, version: String(found.version) } : null,
    );
  }

  put(key: string[], value: unknown, expected?: string | null) {
    const id = key.join("\0");
    const found = this.#documents.get(id);
    const version = found ? String(found.version) : null;
    if (expected !== undefined && expected !== version) return Promise.resolve(false);
    this.#documents.set(id, { key, json: JSON.stringify(value), version: ++this.#versions });
    return Promise.resolve(true);
  }

  delete(key: string[]) {
    this.#documents.delete(key.join("\0"));
    return Promise.resolve();
  }

  list<T>(prefix: string[]) {
    const rows = [...this.#documents.values()]
      .filter(({ key }) => key.length > prefix.length && prefix.every((part, i) => key[i] === part))
      .map(({ key, json }) => ({ key, value: JSON.parse(json) as T }))
      .sort((a, b) => a.key.join("\0") < b.key.join("\0") ? -1 : 1);
    return Promise.resolve(rows);
  }
}

/** Keeps everything in memory: for tests and trials; nothing survives the process. */
export class MemoryStore implements ActorStore {
  readonly limits = { turns: 100, mutations: 1000, bytes: 700 * 1024 };
  readonly documents = new MemoryDocuments();
  readonly #seqs: SeqFormat;
  readonly #actors = new Map<string, MemoryActor>();
  readonly #alarms = new Map<string, DueAlarm>();
  readonly #logs = new Map<string, LogEntry[]>();
  readonly #pruned = new Map<string, string>();
  #seq = 0;
  #versions = 0;

  constructor(epoch = "mem0") {
    this.#seqs = new SeqFormat(epoch);
  }

  load(ref: ActorRef): Promise<LoadedActor> {
    const found = this.#actors.get(keyOf(ref));
    return Promise.resolve(
      found
        ? {
          version: found.version,
          record: found.record,
          fingerprints: [...found.fingerprints].map(([segment, bytes]) => ({ segment, bytes })),
        }
        : { version: null, record: null, fingerprints: [] },
    );
  }

  allocateSeqs(count: number): string[] {
    return Array.from({ length: count }, () => this.#seqs.format(++this.#seq));
  }

  head(): string {
    return this.#seqs.format(this.#seq);
  }

  isSeq(text: string): boolean {
    return this.#seqs.matches(text);
  }

  commit(group: CommitGroup): Promise<CommitResult> {
    const fits = group.turns.every(({ ref, expected }) =>
      (this.#actors.get(keyOf(ref))?.version ?? null) === expected
    );
    if (!fits) return Promise.resolve({ ok: false });
    const version = String(++this.#versions);
    for (const turn of group.turns) this.#apply(turn, version);
    for (const letter of group.dead_letters) this.#append("dead_letters", letter);
    return Promise.resolve({ ok: true, version });
  }

  dueAlarms(now: number, limit: number): Promise<DueAlarm[]> {
    const due = [...this.#alarms.values()].filter(({ at }) => at <= now);
    return Promise.resolve(due.sort((a, b) => a.at - b.at).slice(0, limit));
  }

  readLog(log: LogName, project_id: string, range: LogRange): Promise<LogEntry[]> {
    const all = this.#log(log, project_id);
    const { after } = range;
    const ordered = range.reverse ? all.toReversed() : all;
    return Promise.resolve(
      ordered.filter(({ seq }) => after === undefined || seq > after).slice(0, range.limit),
    );
  }

  prunedTo(log: LogName, project_id: string): Promise<string | null> {
    return Promise.resolve(this.#pruned.get(`${log}\0${project_id}`) ?? null);
  }

  prune(log: LogName, project_id: string, bound: { upTo?: string; keep?: number }) {
    const all = this.#log(log, project_id);
    const { upTo, keep } = bound;
    const old = upTo === undefined ? 0 : all.filter(({ seq }) => seq <= upTo).length;
    const count = Math.max(old, keep === undefined ? 0 : all.length - keep, 0);
    const last = all[count - 1];
    if (last) this.#pruned.set(`${log}\0${project_id}`, last.seq);
    all.splice(0, count);
    return Promise.resolve(count);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #log(log: LogName, projectId: string): LogEntry[] {
    const key = `${log}\0${projectId}`;
    const found = this.#logs.get(key) ?? [];
    this.#logs.set(key, found);
    return found;
  }

  #append(log: LogName, entry: { project_id: string; seq: string; value: string | Uint8Array }) {
    const value = typeof entry.value === "string"
      ? entry.value
      : new TextDecoder().decode(entry.value);
    this.#log(log, entry.project_id).push({ seq: entry.seq, value });
  }

  #apply(turn: TurnWrite, version: string) {
    const { ref } = turn;
    const key = keyOf(ref);
    if (turn.record === null) this.#actors.delete(key);
    else {
      const fingerprints = this.#actors.get(key)?.fingerprints ?? new Map<number, Uint8Array>();
      for (const { segment, bytes } of turn.fingerprints) fingerprints.set(segment, bytes.slice());
      this.#actors.set(key, { version, record: turn.record, fingerprints });
    }
    for (const at of turn.alarms.remove) this.#alarms.delete(`${at}\0${key}`);
    const { add } = turn.alarms;
    if (add !== null) this.#alarms.set(`${add}\0${key}`, { ref, at: add });
    const { project_id } = ref;
    for (const { seq, bytes } of turn.journal) {
      this.#append("journal", { project_id, seq, value: bytes });
    }
    for (const { seq, value } of turn.outbox) this.#append("outbox", { project_id, seq, value });
    for (const letter of turn.dead_letters) this.#append("dead_letters", letter);
  }
}

function keyOf({ project_id, actor }: ActorRef): string {
  return `${project_id}\0${actor}`;
}
