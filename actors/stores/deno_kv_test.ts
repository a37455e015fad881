import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { aGroup, aRef, aWrite, PROJECT } from "../../tests/fixtures/turn_writes.ts";
import { storeContract } from "./contract_suite.ts";
import { DenoKvStore } from "./deno_kv.ts";

storeContract("deno_kv", () => DenoKvStore.open(":memory:", () => "test"));

async function withFile(test: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/actors.kv`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function using<T>(path: string, epoch: string, act: (store: DenoKvStore) => Promise<T>) {
  const store = await DenoKvStore.open(path, () => epoch);
  try {
    return await act(store);
  } finally {
    await store.close();
  }
}

function fileTest(name: string, test: (path: string) => Promise<void>) {
  Deno.test({
    name: `deno_kv file: ${name}`,
    sanitizeOps: true,
    sanitizeResources: true,
    fn: () => withFile(test),
  });
}

fileTest("what was committed is there after a reopen", async (path) => {
  const version = await using(path, "k3x9", async (store) => {
    const [seq] = store.allocateSeqs(1) as [string];
    const outbox = [{ seq, value: '"x"' }];
    const result = await store.commit(aGroup(aWrite({ outbox, alarms: { remove: [], add: 5 } })));
    await store.documents.put(["d"], { a: 1 });
    return result.ok ? result.version : null;
  });
  await using(path, "other", async (store) => {
    equal((await store.load(aRef())).version, version);
    equal((await store.readLog("outbox", PROJECT, { limit: 9 })).length, 1);
    equal((await store.dueAlarms(5, 9)).length, 1);
    deepEqual((await store.documents.get(["d"]))?.value, { a: 1 });
  });
});

fileTest("seqs go on increasing after a reopen, and the epoch stays", async (path) => {
  const last = await using(path, "k3x9", async (store) => {
    const seqs = store.allocateSeqs(40);
    const outbox = seqs.map((seq) => ({ seq, value: "{}" }));
    await store.commit(aGroup(aWrite({ outbox })));
    return seqs.at(-1) as string;
  });
  match(last, /^k3x9\.\d{15}$/);
  await using(path, "other", (store) => {
    ok(store.isSeq(last));
    equal(store.head(), last);
    const [next] = store.allocateSeqs(1) as [string];
    ok(next > last);
    ok(next.startsWith("k3x9."));
    return Promise.resolve();
  });
});

fileTest("a store made anew does not take the cursors of another", async (path) => {
  const seq = await using(path, "aaaa", (store) => Promise.resolve(store.head()));
  await using(`${path}2`, "bbbb", (store) => {
    equal(store.isSeq(seq), false);
    notEqual(store.head(), seq);
    return Promise.resolve();
  });
});
