import { deepEqual, equal, ok } from "node:assert/strict";
import { aGroup, aRef, aWrite, bytes, PROJECT } from "../../tests/fixtures/turn_writes.ts";
import type { Contract } from "./contract_suite.ts";
import type { ActorStore, LogName } from "./port.ts";

const LOGS: LogName[] = ["outbox", "journal", "dead_letters"];

/** Appends to all three logs of a project. @returns the seqs, the same in each log */
async function append(store: ActorStore, count: number, project_id = PROJECT) {
  const seqs = store.allocateSeqs(count);
  const { version } = await store.load(aRef("a:writer", project_id));
  const write = aWrite({
    ref: aRef("a:writer", project_id),
    expected: version,
    outbox: seqs.map((seq) => ({ seq, value: `"${seq}"` })),
    journal: seqs.map((seq) => ({ seq, bytes: bytes(`"${seq}"`) })),
    dead_letters: seqs.map((seq) => ({ project_id, seq, value: bytes(`"${seq}"`) })),
  });
  equal((await store.commit(aGroup(write))).ok, true);
  return seqs;
}

async function seqsIn(store: ActorStore, log: LogName, project_id = PROJECT) {
  return (await store.readLog(log, project_id, { limit: 10_000 })).map(({ seq }) => seq);
}

export const logsContract: Contract = {
  "seqs increase as text, and head is the last of them": async (store) => {
    const before = store.head();
    const seqs = store.allocateSeqs(1200);
    deepEqual(seqs.toSorted(), seqs);
    equal(new Set(seqs).size, 1200);
    ok((seqs[0] as string) > before);
    equal(store.head(), seqs.at(-1));
    deepEqual(store.allocateSeqs(0), []);
    equal(store.head(), seqs.at(-1));
    await Promise.resolve();
  },

  "a cursor is known as this store's, and no other text is": async (store) => {
    const [seq] = store.allocateSeqs(1) as [string];
    ok(store.isSeq(seq));
    ok(store.isSeq(store.head()));
    const others = [`x${seq}`, `${seq}0`, seq.slice(1), seq.toUpperCase() + " ", `${seq}\n`, ""];
    for (const text of others) equal(store.isSeq(text), false, JSON.stringify(text));
    equal(store.isSeq("zzzz.000000000000001"), false, "of another epoch");
    equal(store.isSeq(`${seq.split(".")[0]}.00000000000000x`), false);
    await Promise.resolve();
  },

  "a log that nobody wrote to is empty and whole": async (store) => {
    for (const log of LOGS) {
      deepEqual(await store.readLog(log, PROJECT, { limit: 10 }), []);
      equal(await store.prunedTo(log, PROJECT), null);
      equal(await store.prune(log, PROJECT, { upTo: store.head(), keep: 0 }), 0);
      equal(await store.prunedTo(log, PROJECT), null);
    }
  },

  "entries are read in the order of their seqs, over many commits": async (store) => {
    const seqs = [
      ...await append(store, 3),
      ...await append(store, 120),
      ...await append(store, 1),
    ];
    for (const log of LOGS) {
      const entries = await store.readLog(log, PROJECT, { limit: 1000 });
      deepEqual(entries, seqs.map((seq) => ({ seq, value: `"${seq}"` })));
    }
  },

  "reading goes on behind a seq, also behind one that is no entry": async (store) => {
    const [a, b, c] = await append(store, 3) as [string, string, string];
    const [gap] = store.allocateSeqs(1) as [string];
    const [d] = await append(store, 1) as [string];
    const after = async (seq: string, limit = 10) =>
      (await store.readLog("outbox", PROJECT, { after: seq, limit })).map(({ seq }) => seq);
    deepEqual(await after(a), [b, c, d]);
    deepEqual(await after(a, 1), [b]);
    deepEqual(await after(c), [d]);
    deepEqual(await after(gap), [d]);
    deepEqual(await after(d), []);
    deepEqual(await after(""), [a, b, c, d]);
  },

  "reverse gives the newest first, and only those behind a seq": async (store) => {
    const [a, b, c] = await append(store, 3) as [string, string, string];
    const reverse = async (range: { after?: string; limit: number }) =>
      (await store.readLog("outbox", PROJECT, { ...range, reverse: true })).map(({ seq }) => seq);
    deepEqual(await reverse({ limit: 10 }), [c, b, a]);
    deepEqual(await reverse({ limit: 2 }), [c, b]);
    deepEqual(await reverse({ limit: 10, after: a }), [c, b]);
  },

  "tenants are apart, also where one's name begins with the other's": async (store) => {
    const projects = ["shop", "shop2", "sho", "shop ", "shop\u0001", "Shop"];
    for (const project of projects) await append(store, 2, project);
    for (const log of LOGS) {
      const all = await Promise.all(projects.map((project) => seqsIn(store, log, project)));
      for (const seqs of all) equal(seqs.length, 2);
      equal(new Set(all.flat()).size, projects.length * 2);
    }
    await store.prune("outbox", "shop", { keep: 0 });
    equal((await seqsIn(store, "outbox", "shop2")).length, 2);
    equal(await store.prunedTo("outbox", "shop2"), null);
  },

  "a log is pruned up to a seq, and says so": async (store) => {
    const [, b, c, d] = await append(store, 4) as [string, string, string, string];
    equal(await store.prune("outbox", PROJECT, { upTo: b }), 2);
    deepEqual(await seqsIn(store, "outbox"), [c, d]);
    equal(await store.prunedTo("outbox", PROJECT), b);
    equal(await store.prune("outbox", PROJECT, { upTo: b }), 0);
    equal(await store.prunedTo("outbox", PROJECT), b, "pruning nothing moves nothing");
    equal((await seqsIn(store, "journal")).length, 4, "the other logs are as they were");
  },

  "a log is pruned to so many entries": async (store) => {
    const seqs = await append(store, 5);
    equal(await store.prune("outbox", PROJECT, { keep: 5 }), 0);
    equal(await store.prune("outbox", PROJECT, { keep: 9 }), 0);
    equal(await store.prune("outbox", PROJECT, { keep: 2 }), 3);
    deepEqual(await seqsIn(store, "outbox"), seqs.slice(3));
    equal(await store.prunedTo("outbox", PROJECT), seqs[2]);
  },

  "of both bounds the one that removes more holds": async (store) => {
    const [a, , , d] = await append(store, 5) as [string, string, string, string];
    equal(await store.prune("outbox", PROJECT, { upTo: a, keep: 2 }), 3);
    equal(await store.prune("outbox", PROJECT, { upTo: d, keep: 2 }), 1);
    equal((await seqsIn(store, "outbox")).length, 1);
  },

  "pruning without a bound removes nothing": async (store) => {
    await append(store, 2);
    equal(await store.prune("outbox", PROJECT, {}), 0);
    equal((await seqsIn(store, "outbox")).length, 2);
  },

  "a log longer than one batch of deletions is pruned whole": async (store) => {
    const seqs: string[] = [];
    for (let i = 0; i < 6; i++) seqs.push(...await append(store, 200));
    equal(await store.prune("outbox", PROJECT, { keep: 10 }), 1190);
    deepEqual(await seqsIn(store, "outbox"), seqs.slice(-10));
    equal(await store.prunedTo("outbox", PROJECT), seqs.at(-11));
  },
};
