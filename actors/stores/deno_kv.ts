import { DenoKvDocuments } from "./deno_kv_documents.ts";
import type {
  ActorRef,
  ActorStore,
  CommitGroup,
  CommitResult,
  DueAlarm,
  LoadedActor,
  LogEntry,
  LogName,
  LogRange,
  TurnWrite,
} from "./port.ts";
import { SeqFormat } from "./seq.ts";

const META_EPOCH = ["meta", "epoch"];
const META_SEQ = ["meta", "seq"];

/** Deletions in one atomic write while pruning: well below the store's 1,000 mutations. */
const PRUNE_BATCH = 500;

const decoder = new TextDecoder();

/**
 * Actors in a Deno KV database: embedded SQLite, or the shared service on Deno Deploy. Only checks,
 * sets and deletes are used (an atomic write with a failing `sum` keeps the sets before it).
 *
 * Seqs are counted in memory from the last one stored, so one process owns an embedded database;
 * the lock of the data folder sees to that.
 */
export class DenoKvStore implements ActorStore {
  // Of Deno KV: 100 checks, 1,000 mutations and 800 KiB in one atomic write.
  readonly limits = { turns: 100, mutations: 960, bytes: 700 * 1024 };
  readonly documents: DenoKvDocuments;
  readonly #kv: Deno.Kv;
  readonly #seqs: SeqFormat;
  #seq: number;

  private constructor(kv: Deno.Kv, epoch: string, seq: number) {
    this.#kv = kv;
    this.#seqs = new SeqFormat(epoch);
    this.#seq = seq;
    this.documents = new DenoKvDocuments(kv);
  }

  /**
   * @param path of the database file, or `:memory:`
   * @param newEpoch names a database that is made now: a few letters and digits
   */
  static async open(path: string, newEpoch: () => string): Promise<DenoKvStore> {
    const kv = await Deno.openKv(path);
    await kv.atomic().check({ key: META_EPOCH, versionstamp: null })
      .set(META_EPOCH, newEpoch()).commit();
    const [epoch, seq] = await kv.getMany<[string, number]>([META_EPOCH, META_SEQ]);
    if (epoch.value === null) throw new Error(`Database ${path} has no epoch`);
    return new DenoKvStore(kv, epoch.value, seq.value ?? 0);
  }

  async load({ project_id, actor }: ActorRef): Promise<LoadedActor> {
    const entry = await this.#kv.get<string>(["actor", project_id, actor]);
    if (entry.versionstamp === null) return { version: null, record: null, fingerprints: [] };
    const fingerprints: LoadedActor["fingerprints"] = [];
    for await (
      const { key, value } of this.#kv.list<Uint8Array>({ prefix: ["fp", project_id, actor] })
    ) fingerprints.push({ segment: key[3] as number, bytes: value });
    return { version: entry.versionstamp, record: entry.value, fingerprints };
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

  async commit(group: CommitGroup): Promise<CommitResult> {
    const atomic = this.#kv.atomic();
    for (const turn of group.turns) addTurn(atomic, turn);
    for (const { project_id, seq, value } of group.dead_letters) {
      atomic.set(["log", "dead_letters", project_id, seq], value);
    }
    atomic.set(META_SEQ, this.#seq);
    const result = await atomic.commit();
    return result.ok ? { ok: true, version: result.versionstamp } : { ok: false };
  }

  async dueAlarms(now: number, limit: number): Promise<DueAlarm[]> {
    const due: DueAlarm[] = [];
    const range = { start: ["alarm", 0], end: ["alarm", now + 1] };
    for await (const { key } of this.#kv.list(range, { limit })) {
      const [, at, project_id, actor] = key as [string, number, string, string];
      due.push({ ref: { project_id, actor }, at });
    }
    return due;
  }

  async readLog(log: LogName, project_id: string, range: LogRange): Promise<LogEntry[]> {
    const prefix = ["log", log, project_id];
    const selector = range.after === undefined
      ? { prefix }
      // The lowest key behind `after`: keys are compared byte by byte.
      : { prefix, start: [...prefix, range.after + "\0"] };
    const { limit, reverse } = range;
    const entries: LogEntry[] = [];
    for await (
      const { key, value } of this.#kv.list<string | Uint8Array>(selector, {
        limit,
        reverse: reverse ?? false,
      })
    ) {
      const text = typeof value === "string" ? value : decoder.decode(value);
      entries.push({ seq: key[3] as string, value: text });
    }
    return entries;
  }

  async prunedTo(log: LogName, project_id: string): Promise<string | null> {
    return (await this.#kv.get<string>(["pruned", log, project_id])).value;
  }

  async prune(log: LogName, project_id: string, bound: { upTo?: string; keep?: number }) {
    const prefix = ["log", log, project_id];
    let excess = bound.keep === undefined ? 0 : await this.#count(prefix) - bound.keep;
    let removed = 0;
    while (true) {
      const batch: string[] = [];
      for await (const { key } of this.#kv.list({ prefix }, { limit: PRUNE_BATCH })) {
        const seq = key[3] as string;
        const isOld = bound.upTo !== undefined && seq <= bound.upTo;
        if (!isOld && excess <= 0) break;
        excess--;
        batch.push(seq);
      }
      const last = batch.at(-1);
      if (last === undefined) return removed;
      const atomic = this.#kv.atomic().set(["pruned", log, project_id], last);
      for (const seq of batch) atomic.delete([...prefix, seq]);
      await atomic.commit();
      removed += batch.length;
    }
  }

  close(): Promise<void> {
    this.#kv.close();
    return Promise.resolve();
  }

  async #count(prefix: string[]): Promise<number> {
    let count = 0;
    for await (const _ of this.#kv.list({ prefix }, { batchSize: 500 })) count++;
    return count;
  }
}

function addTurn(atomic: Deno.AtomicOperation, turn: TurnWrite) {
  const { project_id, actor } = turn.ref;
  const key = ["actor", project_id, actor];
  atomic.check({ key, versionstamp: turn.expected });
  if (turn.record === null) atomic.delete(key);
  else atomic.set(key, turn.record);
  for (const { segment, bytes } of turn.fingerprints) {
    const segmentKey = ["fp", project_id, actor, segment];
    if (turn.record === null) atomic.delete(segmentKey);
    else atomic.set(segmentKey, bytes);
  }
  for (const at of turn.alarms.remove) atomic.delete(["alarm", at, project_id, actor]);
  const { add } = turn.alarms;
  if (add !== null) atomic.set(["alarm", add, project_id, actor], 1);
  for (const { seq, bytes } of turn.journal) atomic.set(["log", "journal", project_id, seq], bytes);
  for (const { seq, value } of turn.outbox) atomic.set(["log", "outbox", project_id, seq], value);
  for (const letter of turn.dead_letters) {
    atomic.set(["log", "dead_letters", letter.project_id, letter.seq], letter.value);
  }
}
