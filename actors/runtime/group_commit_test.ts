import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import { anEvent, HOUR, T0 } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { type FaultOf, faultsInOrder, FaultyStore } from "../../tests/fixtures/faulty_store.ts";
import { aGroup, aRef, bytes, PROJECT } from "../../tests/fixtures/turn_writes.ts";
import { aTurn, loadActor, mailOf, turnsOf } from "../../tests/fixtures/turns.ts";
import { decodeDeadLetter, encodeDeadLetter } from "../dead_letter.ts";
import { MemoryStore } from "../stores/memory.ts";
import type { LogName } from "../stores/port.ts";
import { GroupCommit } from "./group_commit.ts";

const VISITORS = ["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"];

function setUp(faultOf?: FaultOf) {
  const clock = new FakeClock();
  const memory = new MemoryStore();
  const store = new FaultyStore(memory, clock, faultOf);
  let retries = 0;
  const commit = new GroupCommit(store, clock, () => retries++);
  return { clock, memory, store, commit, retries: () => retries };
}

async function countOf(memory: MemoryStore, log: LogName): Promise<number> {
  return (await memory.readLog(log, PROJECT, { limit: 10_000 })).length;
}

Deno.test("turns of many actors are one write with one version", async () => {
  const { store, commit, memory } = setUp();
  const fates = await commit.commit(turnsOf(VISITORS));
  equal(store.commits.length, 1);
  for (const [i, fate] of fates.entries()) {
    equal(fate.type, "committed");
    const { version } = await memory.load(aRef(`a:v${i}`));
    equal(fate.type === "committed" && fate.version, version);
  }
});

Deno.test("entries are numbered in the order of their turns", async () => {
  const { commit, memory } = setUp();
  const turns = turnsOf(VISITORS);
  await commit.commit(turns);
  const outbox = await memory.readLog("outbox", PROJECT, { limit: 100 });
  deepEqual(
    outbox.map(({ seq, value }) => [seq, JSON.parse(value).origin.actor]),
    turns.map(({ write, ref }) => [write.outbox[0]?.seq, ref.actor]),
  );
});

Deno.test("one conflict in a group: the others are committed", async () => {
  for (const loser of [0, 3, 7]) {
    const { commit, memory } = setUp();
    const turns = turnsOf(VISITORS);
    await new GroupCommit(memory, new FakeClock()).commit(turnsOf([`v${loser}`]));
    const fates = await commit.commit(turns);
    deepEqual(
      fates.map(({ type }) => type),
      VISITORS.map((_, i) => i === loser ? "conflict" : "committed"),
    );
    equal(await countOf(memory, "journal"), VISITORS.length, "each visitor's event, once");
  }
});

Deno.test("one poisoned actor in a group: the others are committed", async () => {
  for (const poisoned of [0, 4, 7]) {
    const memory = new MemoryStore();
    const refusing = new FaultyStore(memory, new FakeClock());
    const inner = refusing.commit.bind(refusing);
    refusing.commit = (group) => {
      if (group.turns.some(({ ref }) => ref.actor === `a:v${poisoned}`)) {
        throw new TypeError("Value too large (max 65536 bytes)");
      }
      return inner(group);
    };
    const fates = await new GroupCommit(refusing, new FakeClock()).commit(turnsOf(VISITORS));
    deepEqual(
      fates.map(({ type }) => type),
      VISITORS.map((_, i) => i === poisoned ? "poisoned" : "committed"),
    );
    equal(await countOf(memory, "journal"), VISITORS.length - 1);
  }
});

Deno.test("a lost answer is looked up, and nothing is applied twice", async () => {
  const { commit, memory, store, retries } = setUp(faultsInOrder({ commit: ["lost_answer"] }));
  const fates = await commit.commit(turnsOf(VISITORS));
  const { version } = await memory.load(aRef("a:v0"));
  deepEqual(fates, VISITORS.map(() => ({ type: "committed", version })));
  equal(store.commits.length, 1);
  equal(retries(), 0);
  equal(await countOf(memory, "journal"), VISITORS.length);
});

Deno.test("a lost answer whose look-up fails too is known at the next attempt", async () => {
  for (const count of [1, 8]) {
    const faults = faultsInOrder({ commit: ["lost_answer"], load: ["throws"] });
    const { commit, clock, memory } = setUp(faults);
    const fates = await clock.until(commit.commit(turnsOf(VISITORS.slice(0, count))));
    deepEqual(fates.map(({ type }) => type), VISITORS.slice(0, count).map(() => "committed"));
    equal(await countOf(memory, "journal"), count);
  }
});

Deno.test("a lost answer is looked up also where the first turn removes its actor", async () => {
  const { memory } = setUp();
  await new GroupCommit(memory, new FakeClock()).commit(turnsOf(["old"]));
  const ref = aRef("a:old");
  const actor = await loadActor(memory, ref);
  const leaveAt = T0 + LIMITS.actor_retention_ms + HOUR;
  const removal = aTurn([{ type: "alarm", at: leaveAt }], { ref, actor, now: leaveAt });
  equal(removal.record, null);
  const clock = new FakeClock();
  const store = new FaultyStore(memory, clock, faultsInOrder({ commit: ["lost_answer"] }));
  const turns = [removal, ...turnsOf(VISITORS)];
  const fates = await clock.until(new GroupCommit(store, clock).commit(turns));
  deepEqual(fates.slice(1).map(({ type }) => type), VISITORS.map(() => "committed"));
  equal((await memory.load(ref)).version, null);
  equal(await countOf(memory, "journal"), 1 + VISITORS.length);
});

Deno.test("a lost answer is known also where another writer has gone on with one actor", async () => {
  const clock = new FakeClock();
  const memory = new MemoryStore();
  const store = new FaultyStore(memory, clock);
  store.commit = async (group) => {
    await memory.commit(group);
    const ref = aRef("a:v0");
    const actor = await loadActor(memory, ref);
    const event = anEvent({ id: "from elsewhere", anonymous_id: "v0", at: 1 });
    await memory.commit(aGroup(aTurn([mailOf(event)], { ref, actor }).write));
    throw new Error("Connection reset");
  };
  const turns = turnsOf(VISITORS);
  const fates = await clock.until(new GroupCommit(store, clock).commit(turns));
  deepEqual(fates.map(({ type }) => type), VISITORS.map(() => "committed"));
  const stored = await memory.readLog("outbox", PROJECT, { limit: 100 });
  deepEqual(
    turns.map(({ write }) => write.outbox[0]?.seq),
    stored.slice(0, VISITORS.length).map(({ seq }) => seq),
    "published under the seqs it is stored under",
  );
});

Deno.test("a failure before the commit is tried again until it succeeds", async () => {
  const faults = faultsInOrder({ commit: ["throws", "throws", "throws"] });
  const { commit, clock, memory, store, retries } = setUp(faults);
  const fates = await clock.until(commit.commit(turnsOf(VISITORS)));
  ok(fates.every(({ type }) => type === "committed"));
  equal(store.commits.length, 4);
  equal(retries(), 3);
  equal(await countOf(memory, "outbox"), VISITORS.length);
});

Deno.test("after all attempts the store is unavailable, and nothing was written", async () => {
  const { commit, clock, memory, store } = setUp((call) => call === "commit" ? "throws" : "none");
  const fates = await clock.until(commit.commit(turnsOf(["v0", "v1"])));
  deepEqual(fates.map(({ type }) => type), ["unavailable", "unavailable"]);
  equal(store.commits.length, LIMITS.commit_attempts);
  equal(await countOf(memory, "journal"), 0);
  equal(clock.pending, 0);
});

Deno.test("each attempt takes new seqs, so that entries become visible in their order", async () => {
  const { commit, clock, memory, store } = setUp(faultsInOrder({ commit: ["throws"] }));
  const writing = commit.commit(turnsOf(["v0"]));
  await clock.advance(0);
  const [between] = store.allocateSeqs(1) as [string];
  await clock.until(writing);
  const [entry] = await memory.readLog("outbox", PROJECT, { limit: 1 });
  ok((entry?.seq ?? "") > between);
});

function letters(count: number, size = 10) {
  return Array.from({ length: count }, () => ({
    project_id: PROJECT,
    seq: "",
    value: bytes(JSON.stringify("x".repeat(size))),
  }));
}

Deno.test("dead letters are tried again, and the last failure is told", async () => {
  const { commit, clock, memory } = setUp(faultsInOrder({ commit: ["throws", "throws"] }));
  await clock.until(commit.commitDeadLetters(letters(3)));
  equal(await countOf(memory, "dead_letters"), 3);
  const broken = setUp((call) => call === "commit" ? "throws" : "none");
  await rejects(broken.clock.until(broken.commit.commitDeadLetters(letters(1))), /locked/);
  equal(broken.store.commits.length, LIMITS.commit_attempts);
});

Deno.test("dead letters beyond what one write carries are several writes", async () => {
  const { commit, memory, store } = setUp();
  await commit.commitDeadLetters(letters(40, 30_000));
  equal(await countOf(memory, "dead_letters"), 40);
  for (const group of store.commits) {
    const size = group.dead_letters.reduce((sum, { value }) => sum + value.length, 0);
    ok(size <= store.limits.bytes, `${size} bytes in one write`);
  }
  const many = setUp();
  await many.commit.commitDeadLetters(letters(2500));
  equal(await countOf(many.memory, "dead_letters"), 2500);
  ok(many.store.commits.every((group) => group.dead_letters.length <= many.store.limits.mutations));
});

Deno.test("a dead letter fits a value of the store, whatever it escapes to", () => {
  const limit = 64 * 1024;
  for (const text of ['"', "\\", "\u0001", "日", "😀", "x"]) {
    const value = encodeDeadLetter({ id: "e1", text: text.repeat(40_000) }, "too large", T0);
    ok(value.length <= limit, `${value.length} bytes of ${JSON.stringify(text)}`);
    const read = decodeDeadLetter({ seq: "s", value: new TextDecoder().decode(value) });
    equal(read.id, "e1");
    ok(read.raw.length > 1000, "most of it is kept");
  }
});
