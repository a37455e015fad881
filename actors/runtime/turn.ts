import { step } from "../../engine/step.ts";
import type { ActorSettings, ActorState, Effect } from "../../engine/types.ts";
import { LIMITS } from "../../schema/limits.ts";
import type { ActorRef, TurnWrite } from "../stores/port.ts";
import { encodeDeadLetter } from "../dead_letter.ts";
import { encodeOutbox } from "../live/outbox.ts";
import type { Fingerprint, Fingerprints } from "./fingerprints.ts";
import { JournalChunks, type JournalEntry } from "./journal.ts";
import type { EventMail, Mail } from "./mail.ts";
import { type ActorRecord, encodeRecord } from "./record.ts";

/** An actor as the runtime holds it between turns. */
export interface ActorInMemory {
  version: string | null;
  record: ActorRecord | null;
  fingerprints: Fingerprints;
}

export type Outcome = "accepted" | "duplicate" | { index: number; reason: string };

/** A computed turn: nothing of it has happened until its write is committed. */
export interface Turn {
  ref: ActorRef;
  mails: Mail[];
  outcomes: { mail: EventMail; outcome: Outcome }[];
  /** Seqs are filled in right before the commit. */
  write: TurnWrite;
  record: ActorRecord | null;
  added: Fingerprint[];
  effects: Effect[];
  /** Messages' receive time. */
  now: number;
  weight: { mutations: number; bytes: number };
}

const KEY_BYTES = 150;

/**
 * Folds mail through `step` into what one commit has to write. Takes at most `maxMails`, and stops
 * early once the journal of the turn passes its limit of bytes.
 */
export function foldTurn(
  ref: ActorRef,
  actor: ActorInMemory,
  mails: readonly Mail[],
  settings: ActorSettings,
  deps: { now: number; newId: () => string; maxMails: number },
): Turn {
  const fold = new TurnFold(ref, actor, settings, deps.now);
  for (const mail of mails.slice(0, deps.maxMails)) {
    if (fold.bytes >= LIMITS.turn_bytes) break;
    fold.take(mail);
  }
  return fold.finish(deps.newId());
}

class TurnFold {
  bytes = 0;
  readonly #mails: Mail[] = [];
  readonly #outcomes: Turn["outcomes"] = [];
  readonly #effects: Effect[] = [];
  readonly #added: Fingerprint[] = [];
  readonly #journal = new JournalChunks();
  readonly #deadLetters: Uint8Array[] = [];
  readonly #firedAlarms: number[] = [];
  #state: ActorState | null;
  #alarmAt: number | undefined;

  constructor(
    private readonly ref: ActorRef,
    private readonly actor: ActorInMemory,
    private readonly settings: ActorSettings,
    private readonly now: number,
  ) {
    this.#state = actor.record?.state ?? null;
  }

  take(mail: Mail) {
    this.#mails.push(mail);
    if (mail.type === "alarm") return this.#takeAlarm(mail.at);
    if (this.#isDuplicate(mail.fingerprint)) {
      this.#outcomes.push({ mail, outcome: "duplicate" });
      return;
    }
    try {
      this.#takeEvent(mail);
    } catch (error) {
      // One event the engine cannot take must not hold up the others of its actor.
      const reason = `could not be processed: ${error instanceof Error ? error.name : "error"}`;
      this.#deadLetters.push(encodeDeadLetter(mail.event, reason, mail.received_at));
      this.#outcomes.push({ mail, outcome: { index: mail.index, reason } });
    }
  }

  finish(commitId: string): Turn {
    const { ref, actor } = this;
    const record = this.#nextRecord(commitId);
    const encoded = record ? encodeRecord(record) : null;
    const stored = actor.record?.alarm_at ?? null;
    const alarmAt = record?.alarm_at ?? null;
    const remove = new Set(this.#firedAlarms);
    if (stored !== null && stored !== alarmAt) remove.add(stored);
    const write: TurnWrite = {
      ref,
      expected: actor.version,
      record: encoded?.json ?? null,
      fingerprints: encoded
        ? actor.fingerprints.segmentsWith(this.#added)
        : actor.fingerprints.segmentNumbers().map((segment) => ({
          segment,
          bytes: new Uint8Array(0),
        })),
      alarms: {
        remove: [...remove].filter((at) => at !== alarmAt),
        add: alarmAt !== null && (alarmAt !== stored || remove.has(alarmAt)) ? alarmAt : null,
      },
      journal: this.#journal.chunks().map((bytes) => ({ seq: "", bytes })),
      outbox: this.#effects.map((effect, i) => ({
        seq: "",
        value: encodeOutbox(effect, {
          at: this.now,
          actor: ref.actor,
          actor_seq: (actor.record?.out_seq ?? 0) + i + 1,
        }),
      })),
      dead_letters: this.#deadLetters.map((value) => ({
        project_id: ref.project_id,
        seq: "",
        value,
      })),
    };
    return {
      ref,
      mails: this.#mails,
      outcomes: this.#outcomes,
      write,
      record: encoded?.record ?? null,
      added: this.#added,
      effects: this.#effects,
      now: this.now,
      weight: weigh(write),
    };
  }

  #takeAlarm(at: number) {
    this.#firedAlarms.push(at);
    if (!this.#state) return;
    const { state, effects, alarm_at } = step(
      this.#state,
      { type: "alarm" },
      this.now,
      this.settings,
    );
    this.#state = state;
    this.#alarmAt = alarm_at;
    this.#effects.push(...effects);
  }

  #takeEvent(mail: EventMail) {
    const { event, received_at, sent_at, fingerprint } = mail;
    const input = { type: "event", event, received_at, sent_at } as const;
    const { state, effects, placement, alarm_at } = step(
      this.#state,
      input,
      received_at,
      this.settings,
    );
    if (!placement) throw new TypeError("Step gave an event no placement");
    const entry: JournalEntry = { event, actor: this.ref.actor, received_at, placement };
    this.bytes += this.#journal.add(entry);
    this.#state = state;
    this.#alarmAt = alarm_at;
    this.#effects.push(...effects);
    this.#added.push(fingerprint);
    this.#outcomes.push({ mail, outcome: "accepted" });
  }

  #isDuplicate(fingerprint: Fingerprint): boolean {
    const [high, low] = fingerprint;
    return this.actor.fingerprints.has(fingerprint) ||
      this.#added.some(([h, l]) => h === high && l === low);
  }

  /** `null` once the actor has been away for longer than it is kept. */
  #nextRecord(commitId: string): ActorRecord | null {
    const before = this.actor.record;
    const state = this.#state;
    if (!state) return null;
    const leaveAt = state.received + LIMITS.actor_retention_ms;
    const wasFolded = this.#added.length > 0 || this.#firedAlarms.length > 0;
    const wanted = (wasFolded ? this.#alarmAt : undefined) ?? leaveAt;
    if (this.#added.length === 0 && wanted === leaveAt && this.now >= leaveAt) return null;
    const stored = before?.alarm_at ?? null;
    // Lazily moved: an earlier wake-up stays, and finds then that it has to wait.
    const keepsStored = stored !== null && stored <= wanted && !this.#firedAlarms.includes(stored);
    return {
      last_commit_id: commitId,
      alarm_at: keepsStored ? stored : wanted,
      fingerprints: this.actor.fingerprints.added + this.#added.length,
      out_seq: (before?.out_seq ?? 0) + this.#effects.length,
      state,
    };
  }
}

function weigh(write: TurnWrite): Turn["weight"] {
  const { fingerprints, alarms, journal, outbox, dead_letters } = write;
  const mutations = 1 + fingerprints.length + alarms.remove.length + (alarms.add === null ? 0 : 1) +
    journal.length + outbox.length + dead_letters.length;
  let bytes = (write.record?.length ?? 0) * 2 + mutations * KEY_BYTES;
  for (const entry of fingerprints) bytes += entry.bytes.length;
  for (const entry of journal) bytes += entry.bytes.length;
  // Strings with a character outside Latin-1 take two bytes each.
  for (const entry of outbox) bytes += entry.value.length * 2;
  for (const entry of dead_letters) bytes += entry.value.length;
  return { mutations, bytes };
}
