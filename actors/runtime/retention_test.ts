import { deepEqual, equal, ok } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import { HOUR, MINUTE } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { aGroup, aRef, aWrite, bytes, PROJECT } from "../../tests/fixtures/turn_writes.ts";
import { MemoryStore } from "../stores/memory.ts";
import { startRetention, sweepLogs } from "./retention.ts";

class Logs {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  #writes = 0;

  /** One entry in each log. @returns their seq */
  async write(project_id = PROJECT): Promise<string> {
    const [seq] = this.store.allocateSeqs(1) as [string];
    await this.store.commit(aGroup(aWrite({
      ref: aRef(`a:${++this.#writes}`, project_id),
      outbox: [{ seq, value: "{}" }],
      journal: [{ seq, bytes: bytes("[]") }],
      dead_letters: [{ project_id, seq, value: bytes("{}") }],
    })));
    return seq;
  }

  sweep(projects = [PROJECT]) {
    return sweepLogs({ store: this.store, now: this.clock.now(), projects });
  }

  async sizes(project_id = PROJECT): Promise<number[]> {
    const logs = ["outbox", "journal", "dead_letters"] as const;
    const all = logs.map((log) => this.store.readLog(log, project_id, { limit: 1e6 }));
    return (await Promise.all(all)).map((entries) => entries.length);
  }
}

Deno.test("what is younger than a day stays", async () => {
  const logs = new Logs();
  await logs.write();
  await logs.sweep();
  logs.clock.jump(24 * HOUR - 1);
  equal(await logs.sweep(), 0);
  deepEqual(await logs.sizes(), [1, 1, 1]);
});

Deno.test("what is a day old goes, from all three logs, and what came after it stays", async () => {
  const logs = new Logs();
  const old = await logs.write();
  await logs.sweep();
  logs.clock.jump(HOUR);
  await logs.write();
  await logs.sweep();
  logs.clock.jump(23 * HOUR);
  equal(await logs.sweep(), 3);
  deepEqual(await logs.sizes(), [1, 1, 1]);
  equal(await logs.store.prunedTo("outbox", PROJECT), old);
});

Deno.test("after a long sleep everything that was noted as old goes at once", async () => {
  const logs = new Logs();
  for (let i = 0; i < 3; i++) {
    await logs.write();
    await logs.sweep();
    logs.clock.jump(HOUR);
  }
  const unnoted = await logs.write();
  logs.clock.jump(100 * HOUR);
  equal(await logs.sweep(), 9);
  const [left] = await logs.store.readLog("outbox", PROJECT, { limit: 9 });
  equal(left?.seq, unnoted, "nobody noted when it came, so it counts from now");
});

Deno.test("dead letters are kept to their number, the journal is not counted", async () => {
  const logs = new Logs();
  const values = Array.from({ length: LIMITS.dead_letters + 5 }, () => ({
    project_id: PROJECT,
    seq: "",
    value: bytes("{}"),
  }));
  const seqs = logs.store.allocateSeqs(values.length);
  values.forEach((letter, i) => letter.seq = seqs[i] as string);
  await logs.store.commit({ turns: [], dead_letters: values });
  equal(await logs.sweep(), 5);
  deepEqual(await logs.sizes(), [0, 0, LIMITS.dead_letters]);
});

Deno.test("each project's logs are swept", async () => {
  const logs = new Logs();
  await logs.write("shop");
  await logs.write("shop2");
  await logs.sweep(["shop", "shop2"]);
  logs.clock.jump(25 * HOUR);
  equal(await logs.sweep(["shop", "shop2"]), 6);
});

Deno.test("the notes of where logs stood stay few", async () => {
  const logs = new Logs();
  for (let i = 0; i < 1000; i++) {
    await logs.sweep();
    logs.clock.jump(5 * MINUTE);
  }
  const marks = await logs.store.documents.get<unknown[]>(["retention", "marks"]);
  ok((marks?.value.length ?? Infinity) <= 24 * 12 + 2, `${marks?.value.length} notes`);
  ok(JSON.stringify(marks?.value).length < 60 * 1024, "and fit one value of the store");
});

Deno.test("the sweeper sweeps every five minutes, and goes on after a failure", async () => {
  const { clock, store } = new Logs();
  const problems: string[] = [];
  let sweeps = 0;
  const stop = startRetention({
    store,
    clock,
    projects: () => ++sweeps === 1 ? Promise.reject(new Error("away")) : Promise.resolve([]),
    onProblem: (what) => void problems.push(what),
  });
  await clock.advance(16 * MINUTE);
  equal(sweeps, 3);
  equal(problems.length, 1);
  await stop();
  equal(clock.pending, 0);
});
