import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import type { IngestedEvent } from "../../schema/event.ts";
import { anEvent, clicksAt, deepFreeze, HOUR, MINUTE, T0 } from "../../tests/fixtures/events.ts";
import { aTurn, mailOf, newActor } from "../../tests/fixtures/turns.ts";
import { decodeDeadLetter } from "../dead_letter.ts";
import { decodeOutbox } from "../live/outbox.ts";
import { Fingerprints } from "./fingerprints.ts";
import type { AlarmMail } from "./mail.ts";
import { decodeRecord } from "./record.ts";
import type { ActorInMemory, Turn } from "./turn.ts";

const IDLE_MS = 30 * MINUTE;

function mails(events: IngestedEvent[]) {
  return events.map((event, index) => mailOf(event, { index }));
}

/** The actor as it is after a turn was committed. */
function after(turn: Turn, actor: ActorInMemory = newActor()): ActorInMemory {
  const fingerprints = Fingerprints.load(
    turn.record?.fingerprints ?? 0,
    turn.write.fingerprints,
  );
  return { version: "1", record: turn.record ?? actor.record, fingerprints };
}

function outcomes({ outcomes }: Turn) {
  return outcomes.map(({ outcome }) => outcome);
}

Deno.test("a turn writes the state, the ids, the events, the effects and the alarm", () => {
  const turn = aTurn(mails(clicksAt([0, 100, 200])));
  const { write } = turn;
  equal(write.expected, null);
  equal(write.fingerprints.length, 1);
  equal(write.journal.length, 1);
  deepEqual(write.alarms, { remove: [], add: T0 + 200 + IDLE_MS + 1 });
  const messages = write.outbox.map((entry) => decodeOutbox(entry));
  deepEqual(messages.map(({ type }) => type), ["session_started", "signal"]);
  deepEqual(messages.map(({ origin }) => origin?.actor_seq), [1, 2]);
  deepEqual(messages.map(({ at }) => at), [new Date(T0).toISOString(), new Date(T0).toISOString()]);
  deepEqual(decodeRecord(write.record ?? "").state, JSON.parse(JSON.stringify(turn.record?.state)));
});

Deno.test("folding a turn leaves the actor and its ids as they were", () => {
  const actor = after(aTurn(mails([anEvent()])));
  deepFreeze(actor.record);
  const added = actor.fingerprints.added;
  const turn = aTurn(mails(clicksAt([1, 2, 3])), { actor });
  equal(actor.fingerprints.added, added);
  equal(turn.record?.fingerprints, added + 3);
});

Deno.test("the places of messages go on from turn to turn", () => {
  const first = aTurn(mails([anEvent()]));
  const second = aTurn(mails(clicksAt([1, 100, 200])), { actor: after(first) });
  equal(first.record?.out_seq, 1);
  equal(second.record?.out_seq, 2);
  equal(decodeOutbox(second.write.outbox[0] ?? { seq: "", value: "" }).origin?.actor_seq, 2);
});

Deno.test("each turn has a commit id of its own", () => {
  const first = aTurn(mails([anEvent()]));
  const again = aTurn(mails([anEvent()]));
  notEqual(first.record?.last_commit_id, again.record?.last_commit_id);
});

Deno.test("duplicates are told in their turn and from the turns before", () => {
  const event = anEvent({ id: "e1" });
  const first = aTurn(mails([event, event]));
  deepEqual(outcomes(first), ["accepted", "duplicate"]);
  const second = aTurn(mails([event, anEvent({ id: "e2" })]), { actor: after(first) });
  deepEqual(outcomes(second), ["duplicate", "accepted"]);
  equal(second.added.length, 1);
});

Deno.test("a turn takes at most the mails it is told to, and stops at its limit of bytes", () => {
  const many = mails(Array.from({ length: 300 }, (_, i) => anEvent({ id: `e${i}`, at: i })));
  equal(aTurn(many).mails.length, LIMITS.turn_events);
  equal(aTurn(many, { maxMails: 7 }).mails.length, 7);
  const properties = { text: "x".repeat(30_000) };
  const large = mails(Array.from({ length: 50 }, (_, i) => anEvent({ id: `e${i}`, properties })));
  const turn = aTurn(large);
  equal(turn.mails.length, Math.ceil(LIMITS.turn_bytes / 30_200));
  equal(aTurn(large.slice(0, 1)).mails.length, 1);
});

Deno.test("an event that the engine cannot take becomes a dead letter with a reason", () => {
  const bad = mailOf(anEvent({ id: "bad", timestamp_ms: NaN }), { received_at: T0 });
  const turn = aTurn([bad, mailOf(anEvent({ id: "good" }), { index: 1 })]);
  deepEqual(outcomes(turn), [
    { index: 0, reason: "could not be processed: RangeError" },
    "accepted",
  ]);
  const [letter] = turn.write.dead_letters;
  const value = new TextDecoder().decode(letter?.value);
  equal(decodeDeadLetter({ seq: "s", value }).id, "bad");
  equal(turn.added.length, 1, "its id is free to come again");
});

Deno.test("a state that grows too large is cut before it is stored", () => {
  const turn = aTurn(mails([anEvent({
    user_id: "\u0001".repeat(200),
    anonymous_id: "\u0001".repeat(200),
    client_session_id: "\u0001".repeat(200),
    properties: { url: "\u0001".repeat(5000) },
  })]));
  const { state } = decodeRecord(turn.write.record ?? "");
  ok(JSON.stringify(state).length <= LIMITS.state_bytes);
});

Deno.test("ALARM-1 the stored alarm stays while it is early enough, and then moves", () => {
  const first = aTurn(mails([anEvent()]));
  const later = anEvent({ id: "e2", at: 10 * MINUTE });
  const second = aTurn(mails([later]), { actor: after(first), now: T0 + 10 * MINUTE });
  deepEqual(second.write.alarms, { remove: [], add: null });
  const at = T0 + IDLE_MS + 1;
  const third = aTurn([{ type: "alarm", at }], { actor: after(second), now: at });
  deepEqual(third.write.alarms, { remove: [at], add: T0 + 10 * MINUTE + IDLE_MS + 1 });
  deepEqual(third.effects, []);
});

Deno.test("ALARM-2 an alarm that is not the stored one is removed, the stored one stays", () => {
  const first = aTurn(mails([anEvent()]));
  const stray: AlarmMail = { type: "alarm", at: T0 + 5 };
  const turn = aTurn([stray], { actor: after(first), now: T0 + 5 });
  deepEqual(turn.write.alarms, { remove: [T0 + 5], add: null });
  equal(turn.record?.alarm_at, T0 + IDLE_MS + 1);
});

Deno.test("an actor past its retention is removed with all of its segments and its alarm", () => {
  const events = Array.from({ length: 100 }, (_, i) => anEvent({ id: `e${i}`, at: i }));
  const first = aTurn(mails(events));
  const now = T0 + LIMITS.actor_retention_ms + HOUR;
  const at = first.record?.alarm_at ?? NaN;
  const turn = aTurn([{ type: "alarm", at }], { actor: after(first), now });
  equal(turn.write.record, null);
  deepEqual(turn.write.fingerprints.map(({ segment }) => segment), [0, 1, 2, 3]);
  deepEqual(turn.write.alarms, { remove: [at], add: null });
  deepEqual(turn.effects.map(({ type }) => type), ["session_ended"]);
});

Deno.test("an event that comes with the removal keeps the actor", () => {
  const first = aTurn(mails([anEvent()]));
  const now = T0 + LIMITS.actor_retention_ms;
  const event = anEvent({ id: "e2", timestamp_ms: now });
  const turn = aTurn([{ type: "alarm", at: now }, mailOf(event)], { actor: after(first), now });
  ok(turn.write.record);
  deepEqual(outcomes(turn), ["accepted"]);
});

Deno.test("a turn's weight covers all that it writes", () => {
  const { write, weight } = aTurn(mails(clicksAt([0, 100, 200], { text: "日".repeat(500) })));
  const utf8 = (text: string) => new TextEncoder().encode(text).length;
  let size = utf8(write.record ?? "");
  for (const { bytes } of [...write.fingerprints, ...write.journal]) size += bytes.length;
  for (const { value } of write.outbox) size += utf8(value);
  ok(weight.bytes >= size, `${weight.bytes} for ${size}`);
  equal(weight.mutations, 1 + write.fingerprints.length + 1 + 1 + write.outbox.length);
});
