// Over 300 lines because the life of mail (queued, folded, committed, settled, or put back) is one
// state machine over the mailboxes.
import { actorKey } from "../../engine/actor_key.ts";
import { hash64 } from "../../engine/hash.ts";
import type { ActorSettings } from "../../engine/types.ts";
import { ApiError } from "../../schema/error.ts";
import type { IngestedEvent } from "../../schema/event.ts";
import { LIMITS } from "../../schema/limits.ts";
import type { Clock } from "../clock.ts";
import { encodeDeadLetter } from "../dead_letter.ts";
import type { ActorRef, ActorStore, DeadLetterWrite, DueAlarm } from "../stores/port.ts";
import { Fingerprints } from "./fingerprints.ts";
import { GroupCommit, type TurnFate } from "./group_commit.ts";
import { Ack, type EventMail, type Mail } from "./mail.ts";
import { decodeRecord } from "./record.ts";
import { type ActorInMemory, foldTurn, type Turn } from "./turn.ts";

export interface RuntimeDeps {
  store: ActorStore;
  clock: Clock;
  /** A new unique id. */
  newId: () => string;
  settingsOf: (project_id: string) => ActorSettings;
  /** Called after the commit, in the order of seqs: the output gate. */
  onCommitted: (turns: Turn[]) => void;
  /** Called for what an operator should know; holds no personal data. */
  onProblem: (what: string, error: unknown) => void;
}

/** One batch of events that passed the edge. */
export interface Batch {
  project_id: string;
  events: { event: IngestedEvent; index: number }[];
  received_at: number;
  sent_at?: number;
  /** What the edge rejected, already masked: committed before the batch is answered. */
  rejected: { raw: unknown; reason: string }[];
}

interface Mailbox {
  readonly key: string;
  readonly ref: ActorRef;
  queue: Mail[];
  /** Loaded lazily; dropped after a conflict. */
  actor: ActorInMemory | null;
  isBusy: boolean;
  /** Commits in a row that another writer was faster than. */
  conflicts: number;
}

interface Folded {
  box: Mailbox;
  turn: Turn;
}

interface DeadLetterMail {
  letters: DeadLetterWrite[];
  ack: Ack;
}

/**
 * Runs the actors of this isolate: mail is queued per actor, folded in turns, and turns of many
 * actors are committed together. Nothing is acknowledged or published before its commit.
 */
export class ActorRuntime {
  readonly #commit: GroupCommit;
  /** By last use, oldest first. */
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #ready = new Set<Mailbox>();
  #letters: DeadLetterMail[] = [];
  #waiting = 0;
  #retries = 0;
  #pumping: Promise<void> | null = null;

  constructor(private readonly deps: RuntimeDeps) {
    this.#commit = new GroupCommit(deps.store, deps.clock, () => this.#retries++);
  }

  /** Events that wait in mailboxes, actors held in memory, commits tried again since the start. */
  get gauges() {
    return { waiting: this.#waiting, cached: this.#mailboxes.size, retries: this.#retries };
  }

  /**
   * Takes a batch; resolves after the last of its events is committed.
   *
   * @throws {ApiError} `overloaded` when too much is waiting, `store_unavailable` when the store
   * cannot commit; both may be tried again, what was stored counts as duplicate then
   */
  async ingest(batch: Batch): Promise<Pick<Ack, "accepted" | "duplicates" | "failed">> {
    if (this.#waiting + batch.events.length > LIMITS.mailbox_events) {
      throw new ApiError("overloaded", "Too many events are waiting; try again shortly", 1);
    }
    const ack = new Ack(batch.events.length + (batch.rejected.length > 0 ? 1 : 0));
    const { project_id, received_at, sent_at } = batch;
    if (batch.rejected.length > 0) {
      const letters = batch.rejected.map(({ raw, reason }) => ({
        project_id,
        seq: "",
        value: encodeDeadLetter(raw, reason, received_at),
      }));
      this.#letters.push({ letters, ack });
    }
    const inOrder = batch.events.toSorted((a, b) => a.event.timestamp_ms - b.event.timestamp_ms);
    for (const { event, index } of inOrder) {
      const mail: EventMail = {
        type: "event",
        event,
        fingerprint: hash64(event.id),
        received_at,
        sent_at,
        index,
        ack,
      };
      this.#deliver({ project_id, actor: actorKey(event) }, mail);
    }
    this.#pump();
    await ack.settled;
    return ack;
  }

  /** Wakes an actor whose stored alarm is due. May be called twice, early or late. */
  wake({ ref, at }: DueAlarm) {
    const waits = this.#mailboxes.get(keyOf(ref))?.queue.some((mail) =>
      mail.type === "alarm" && mail.at === at
    );
    if (waits) return;
    this.#deliver(ref, { type: "alarm", at });
    this.#pump();
  }

  /** Resolves when no mail is waiting. */
  async idle(): Promise<void> {
    while (this.#pumping) await this.#pumping;
  }

  #deliver(ref: ActorRef, mail: Mail) {
    const box = this.#mailboxOf(ref);
    box.queue.push(mail);
    this.#waiting++;
    if (!box.isBusy) this.#ready.add(box);
  }

  #mailboxOf(ref: ActorRef): Mailbox {
    const key = keyOf(ref);
    const box = this.#mailboxes.get(key) ??
      { key, ref, queue: [], actor: null, isBusy: false, conflicts: 0 };
    this.#mailboxes.delete(key);
    this.#mailboxes.set(key, box);
    return box;
  }

  #pump() {
    this.#pumping ??= this.#run()
      .catch((error) => this.deps.onProblem("Runtime stopped working on its mail", error))
      .finally(() => {
        this.#pumping = null;
        // Mail that came after the last look and before this moment.
        if (this.#hasWork) this.#pump();
      });
  }

  get #hasWork(): boolean {
    return this.#ready.size > 0 || this.#letters.length > 0;
  }

  /** While one group is being committed the next one is folded; commits keep their order. */
  async #run() {
    // Lets all requests that are being read now join the first group.
    await Promise.resolve();
    let committing: Promise<void> = Promise.resolve();
    while (true) {
      if (!this.#hasWork) {
        await committing;
        if (!this.#hasWork) return;
      }
      const letters = this.#takeLetters();
      const group = await this.#foldGroup();
      await committing;
      committing = this.#commitGroup(group, letters);
    }
  }

  #takeLetters(): DeadLetterMail[] {
    const { mutations, bytes } = this.deps.store.limits;
    const taken: DeadLetterMail[] = [];
    let count = 0;
    let size = 0;
    while (this.#letters.length > 0) {
      const next = this.#letters[0] as DeadLetterMail;
      const nextSize = next.letters.reduce((sum, { value }) => sum + value.length, 0);
      const isFull = count + next.letters.length > mutations || size + nextSize > bytes;
      if (isFull && taken.length > 0) break;
      this.#letters.shift();
      taken.push(next);
      count += next.letters.length;
      size += nextSize;
    }
    return taken;
  }

  async #foldGroup(): Promise<Folded[]> {
    const { limits } = this.deps.store;
    const boxes = [...this.#ready].slice(0, limits.turns);
    await Promise.all(boxes.map((box) => this.#load(box)));
    const group: Folded[] = [];
    let mutations = 0;
    let bytes = 0;
    for (const box of boxes) {
      if (!box.actor) continue;
      const turn = this.#fold(box, box.actor);
      if (!turn) continue;
      const isFull = mutations + turn.weight.mutations > limits.mutations ||
        bytes + turn.weight.bytes > limits.bytes;
      if (isFull && group.length > 0) break;
      box.queue.splice(0, turn.mails.length);
      this.#waiting -= turn.mails.length;
      mutations += turn.weight.mutations;
      bytes += turn.weight.bytes;
      box.isBusy = true;
      this.#ready.delete(box);
      group.push({ box, turn });
    }
    return group;
  }

  async #load(box: Mailbox) {
    if (box.actor) return;
    try {
      const { version, record, fingerprints } = await this.deps.store.load(box.ref);
      const decoded = record === null ? null : decodeRecord(record);
      box.actor = {
        version,
        record: decoded,
        fingerprints: Fingerprints.load(decoded?.fingerprints ?? 0, fingerprints),
      };
    } catch (error) {
      this.#ready.delete(box);
      const mails = box.queue.splice(0);
      this.#waiting -= mails.length;
      this.#fail(box, mails, error);
    }
  }

  /** As many mails as one commit can carry; the queue is left as it is. */
  #fold(box: Mailbox, actor: ActorInMemory): Turn | undefined {
    const { limits } = this.deps.store;
    const settings = this.deps.settingsOf(box.ref.project_id);
    let maxMails: number = LIMITS.turn_events;
    try {
      while (true) {
        const turn = foldTurn(box.ref, actor, box.queue, settings, {
          now: this.deps.clock.now(),
          newId: this.deps.newId,
          maxMails,
        });
        const { mutations, bytes } = turn.weight;
        const fits = mutations <= limits.mutations && bytes <= limits.bytes;
        if (fits || turn.mails.length === 1) return turn;
        maxMails = Math.floor(turn.mails.length / 2);
      }
    } catch (error) {
      this.#ready.delete(box);
      const mails = box.queue.splice(0);
      this.#waiting -= mails.length;
      this.#quarantine(box, mails, error);
      return undefined;
    }
  }

  async #commitGroup(group: Folded[], letters: DeadLetterMail[]) {
    await this.#commitLetters(letters);
    const changing = group.filter(({ turn }) => changes(turn));
    const fates = changing.length > 0
      ? await this.#commit.commit(changing.map(({ turn }) => turn))
      : [];
    const settled = new Set(group.filter(({ turn }) => !changes(turn)).map(({ turn }) => turn));
    changing.forEach(({ box, turn }, i) => {
      const fate = fates[i] as TurnFate;
      if (fate.type !== "committed") return this.#undo(box, turn, fate);
      this.#apply(box, turn, fate.version);
      settled.add(turn);
    });
    this.#publish(changing.map(({ turn }) => turn).filter((turn) => settled.has(turn)));
    for (const { box, turn } of group) {
      if (settled.has(turn)) {
        for (const { mail, outcome } of turn.outcomes) mail.ack.settle(outcome);
      }
      box.isBusy = false;
      if (box.queue.length > 0) this.#ready.add(box);
    }
    this.#evict();
  }

  /** What is committed is acknowledged, whether or not the world could be told. */
  #publish(turns: Turn[]) {
    if (turns.length === 0) return;
    try {
      this.deps.onCommitted(turns);
    } catch (error) {
      this.deps.onProblem("Committed turns could not be published", error);
    }
  }

  async #commitLetters(mails: DeadLetterMail[]) {
    if (mails.length === 0) return;
    try {
      await this.#commit.commitDeadLetters(mails.flatMap(({ letters }) => letters));
      for (const { ack } of mails) ack.part();
    } catch (error) {
      for (const { ack } of mails) ack.fail(this.#unavailable("dead letters", error));
    }
  }

  #apply(box: Mailbox, turn: Turn, version: string) {
    if (!box.actor) return;
    if (turn.record === null) {
      box.actor = null;
      return;
    }
    box.conflicts = 0;
    box.actor.version = version;
    box.actor.record = turn.record;
    box.actor.fingerprints.add(turn.added);
  }

  #undo(box: Mailbox, turn: Turn, fate: Exclude<TurnFate, { type: "committed" }>) {
    box.actor = null;
    if (fate.type === "poisoned") return this.#quarantine(box, turn.mails, fate.error);
    if (fate.type === "conflict" && ++box.conflicts < LIMITS.commit_attempts) {
      box.queue.unshift(...turn.mails);
      this.#waiting += turn.mails.length;
      return;
    }
    box.conflicts = 0;
    this.#fail(box, turn.mails, fate.type === "conflict" ? new Error("Conflicts") : fate.error);
  }

  #fail(box: Mailbox, mails: Mail[], error: unknown) {
    const failure = this.#unavailable(`project ${box.ref.project_id}`, error);
    for (const mail of mails) if (mail.type === "event") mail.ack.fail(failure);
  }

  /** Mail that can never be stored becomes dead letters; its batch is answered with the reason. */
  #quarantine(box: Mailbox, mails: Mail[], error: unknown) {
    this.deps.onProblem(`Actor of project ${box.ref.project_id} refused by the store`, error);
    const events = mails.filter((mail) => mail.type === "event");
    const reason = "could not be stored";
    const { project_id } = box.ref;
    const letters = events.map(({ event, received_at }) => ({
      project_id,
      seq: "",
      value: encodeDeadLetter(event, reason, received_at),
    }));
    const ack = new Ack(1);
    this.#letters.push({ letters, ack });
    ack.settled.then(
      () => events.forEach((mail) => mail.ack.settle({ index: mail.index, reason })),
      (failure) => events.forEach((mail) => mail.ack.fail(failure)),
    );
  }

  #unavailable(what: string, error: unknown): ApiError {
    this.deps.onProblem(`Commit failed for ${what}`, error);
    return new ApiError("store_unavailable", "Events cannot be stored now; send them again", 2);
  }

  #evict() {
    for (const box of this.#mailboxes.values()) {
      if (this.#mailboxes.size <= LIMITS.cached_actors) return;
      if (!box.isBusy && box.queue.length === 0) this.#mailboxes.delete(box.key);
    }
  }
}

/** A turn of duplicates alone has nothing to write: what it repeats is committed already. */
function changes(turn: Turn): boolean {
  return turn.added.length > 0 || turn.write.alarms.remove.length > 0 ||
    turn.effects.length > 0 || turn.write.dead_letters.length > 0 ||
    turn.mails.some(({ type }) => type === "alarm");
}

function keyOf({ project_id, actor }: ActorRef): string {
  return `${project_id}\0${actor}`;
}
