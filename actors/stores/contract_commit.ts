import { deepEqual, equal, notEqual } from "node:assert/strict";
import { aGroup, aRef, aWrite, bytes, PROJECT } from "../../tests/fixtures/turn_writes.ts";
import type { Contract } from "./contract_suite.ts";
import type { ActorRef, ActorStore, TurnWrite } from "./port.ts";

async function commit(store: ActorStore, ...turns: TurnWrite[]): Promise<string | null> {
  const result = await store.commit(aGroup(...turns));
  return result.ok ? result.version : null;
}

async function segmentsOf(store: ActorStore, ref: ActorRef) {
  const { fingerprints } = await store.load(ref);
  return fingerprints
    .map(({ segment, bytes }) => [segment, [...bytes]])
    .sort((a, b) => Number(a[0]) - Number(b[0]));
}

/** Everything one turn may write. */
function fullWrite(store: ActorStore, over: Partial<TurnWrite> = {}): TurnWrite {
  const [journal, outbox, letter] = store.allocateSeqs(3) as [string, string, string];
  return aWrite({
    fingerprints: [{ segment: 0, bytes: bytes("f") }],
    alarms: { remove: [], add: 50 },
    journal: [{ seq: journal, bytes: bytes("[]") }],
    outbox: [{ seq: outbox, value: "{}" }],
    dead_letters: [{ project_id: PROJECT, seq: letter, value: bytes("{}") }],
    ...over,
  });
}

async function logSizes(store: ActorStore): Promise<number[]> {
  const logs = ["journal", "outbox", "dead_letters"] as const;
  const all = await Promise.all(logs.map((log) => store.readLog(log, PROJECT, { limit: 10 })));
  return all.map((entries) => entries.length);
}

/** Names that a store must keep apart, each valid by the edge. */
const UNUSUAL = [
  "a:ana",
  "u:ana",
  "a:u:ana",
  "a:",
  "a: ",
  "a:two words",
  "a:ana ",
  "a:\u00e9",
  "a:e\u0301",
  "a:😀",
  `a:${"日".repeat(200)}`,
  `a:${"😀".repeat(100)}`,
  `a:${"😀".repeat(99)}é`,
  "a:__proto__",
  "a:ana/../bob",
  "a:ana*",
  "a:\u0001\u0002\u007f\uffff",
  "A:ANA",
];

export const commitContract: Contract = {
  "an actor that is not stored has no version": async (store) => {
    deepEqual(await store.load(aRef()), { version: null, record: null, fingerprints: [] });
  },

  "what a commit wrote is read back": async (store) => {
    const version = await commit(store, fullWrite(store));
    const loaded = await store.load(aRef());
    equal(loaded.version, version);
    equal(loaded.record, '{"n":1}');
    deepEqual(await segmentsOf(store, aRef()), [[0, [...bytes("f")]]]);
    deepEqual(await logSizes(store), [1, 1, 1]);
    deepEqual(await store.dueAlarms(50, 10), [{ ref: aRef(), at: 50 }]);
  },

  "a version moves with each commit, and only the last one is accepted": async (store) => {
    const first = await commit(store, aWrite());
    const second = await commit(store, aWrite({ expected: first, record: '{"n":2}' }));
    notEqual(second, first);
    equal(await commit(store, aWrite({ expected: first, record: '{"n":3}' })), null);
    equal((await store.load(aRef())).record, '{"n":2}');
  },

  "an actor that must not exist yet is made only once": async (store) => {
    notEqual(await commit(store, aWrite()), null);
    equal(await commit(store, aWrite({ record: '{"n":2}' })), null);
    equal((await store.load(aRef())).record, '{"n":1}');
  },

  "a version of an actor that is not there is not accepted": async (store) => {
    const version = await commit(store, aWrite({ ref: aRef("a:bob") }));
    equal(await commit(store, aWrite({ expected: version })), null);
    equal((await store.load(aRef())).version, null);
  },

  "one failing check, and nothing of the whole group is written": async (store) => {
    await commit(store, aWrite({ ref: aRef("a:bob") }));
    const stale = fullWrite(store, { ref: aRef("a:bob"), record: '{"n":9}' });
    for (const turns of [[fullWrite(store), stale], [stale, fullWrite(store)]]) {
      const [seq] = store.allocateSeqs(1);
      const letter = { project_id: PROJECT, seq: seq as string, value: bytes("{}") };
      deepEqual(await store.commit({ turns, dead_letters: [letter] }), { ok: false });
    }
    equal((await store.load(aRef())).version, null);
    deepEqual(await segmentsOf(store, aRef()), []);
    equal((await store.load(aRef("a:bob"))).record, '{"n":1}');
    deepEqual(await logSizes(store), [0, 0, 0]);
    deepEqual(await store.dueAlarms(1000, 10), []);
  },

  "a failing check removes neither an actor nor its alarm": async (store) => {
    const version = await commit(store, fullWrite(store));
    const removal = aWrite({
      expected: version,
      record: null,
      alarms: { remove: [50], add: null },
    });
    const stale = aWrite({ ref: aRef("a:bob"), expected: version });
    equal(await commit(store, removal, stale), null);
    equal((await store.load(aRef())).version, version);
    equal((await store.dueAlarms(50, 10)).length, 1);
  },

  "all actors of a group have the version that the commit tells": async (store) => {
    const refs = Array.from({ length: 100 }, (_, i) => aRef(`a:visitor-${i}`));
    const version = await commit(store, ...refs.map((ref) => aWrite({ ref })));
    for (const ref of refs) equal((await store.load(ref)).version, version);
  },

  "dead letters alone are a group": async (store) => {
    const [seq] = store.allocateSeqs(1);
    const letter = { project_id: PROJECT, seq: seq as string, value: bytes('{"a":"é"}') };
    equal((await store.commit({ turns: [], dead_letters: [letter] })).ok, true);
    const [entry] = await store.readLog("dead_letters", PROJECT, { limit: 1 });
    deepEqual(entry, { seq, value: '{"a":"é"}' });
  },

  "a removed actor is gone with its fingerprints, and can be made anew": async (store) => {
    const segments = [0, 7].map((segment) => ({ segment, bytes: bytes("f") }));
    const version = await commit(store, aWrite({ fingerprints: segments }));
    const gone = segments.map(({ segment }) => ({ segment, bytes: new Uint8Array(0) }));
    const removal = aWrite({ expected: version, record: null, fingerprints: gone });
    notEqual(await commit(store, removal), null);
    equal((await store.load(aRef())).version, null);
    equal(await commit(store, aWrite({ expected: version })), null, "its old version is void");
    const again = await commit(store, aWrite());
    notEqual(again, null);
    notEqual(again, version);
    deepEqual(await segmentsOf(store, aRef()), []);
  },

  "fingerprint segments are written one by one": async (store) => {
    const write = (expected: string | null, entries: [number, string][]) =>
      commit(
        store,
        aWrite({
          expected,
          fingerprints: entries.map(([segment, text]) => ({ segment, bytes: bytes(text) })),
        }),
      );
    const first = await write(null, [[0, "a"], [127, "z"]]);
    await write(first, [[1, "b"], [0, "c"]]);
    deepEqual(await segmentsOf(store, aRef()), [
      [0, [...bytes("c")]],
      [1, [...bytes("b")]],
      [127, [...bytes("z")]],
    ]);
  },

  "bytes that were given may be changed afterwards": async (store) => {
    const given = bytes("before");
    await commit(store, aWrite({ fingerprints: [{ segment: 0, bytes: given }] }));
    given.fill(0);
    deepEqual(await segmentsOf(store, aRef()), [[0, [...bytes("before")]]]);
  },

  "actors of other projects are apart, whatever their names": async (store) => {
    const refs = [aRef("a:x", "p"), aRef("a:x", "p2"), aRef("a:x", "pa:x"), aRef("x", "pa:")];
    for (const [n, ref] of refs.entries()) await commit(store, aWrite({ ref, record: `${n}` }));
    for (const [n, ref] of refs.entries()) equal((await store.load(ref)).record, `${n}`);
  },

  "unusual names are kept apart, and come back as they were": async (store) => {
    const at = 7;
    for (const actor of UNUSUAL) {
      const alarms = { remove: [], add: at };
      const fingerprints = [{ segment: 0, bytes: bytes(actor) }];
      const write = aWrite({
        ref: aRef(actor),
        record: JSON.stringify(actor),
        alarms,
        fingerprints,
      });
      notEqual(await commit(store, write), null, actor);
    }
    for (const actor of UNUSUAL) {
      equal((await store.load(aRef(actor))).record, JSON.stringify(actor));
      deepEqual(await segmentsOf(store, aRef(actor)), [[0, [...bytes(actor)]]]);
    }
    const due = await store.dueAlarms(at, 100);
    deepEqual(due.map(({ ref }) => ref.actor).sort(), UNUSUAL.toSorted());
  },

  "alarms are due at their time, earliest first, as many as asked for": async (store) => {
    const times = [300, 100, 200, 1_772_539_200_001, 9];
    for (const at of times) {
      await commit(store, aWrite({ ref: aRef(`a:${at}`), alarms: { remove: [], add: at } }));
    }
    const due = async (now: number, limit = 10) =>
      (await store.dueAlarms(now, limit)).map(({ at }) => at);
    deepEqual(await due(8), []);
    deepEqual(await due(9), [9]);
    deepEqual(await due(200), [9, 100, 200]);
    deepEqual(await due(200, 2), [9, 100]);
    deepEqual(await due(1_772_539_200_001), [9, 100, 200, 300, 1_772_539_200_001]);
  },

  "an alarm is moved, stays, and goes as the turn says": async (store) => {
    const due = async () => (await store.dueAlarms(1000, 10)).map(({ at }) => at);
    const first = await commit(store, aWrite({ alarms: { remove: [], add: 100 } }));
    const second = await commit(store, aWrite({ expected: first }));
    deepEqual(await due(), [100], "untouched by a turn that says nothing");
    const moved = aWrite({ expected: second, alarms: { remove: [100], add: 200 } });
    const third = await commit(store, moved);
    deepEqual(await due(), [200]);
    const same = aWrite({ expected: third, alarms: { remove: [7], add: 200 } });
    const fourth = await commit(store, same);
    deepEqual(await due(), [200], "stored twice is stored once");
    await commit(store, aWrite({ expected: fourth, alarms: { remove: [200], add: null } }));
    deepEqual(await due(), []);
  },

  "two actors may want to be woken at the same time": async (store) => {
    const alarms = { remove: [], add: 5 };
    const version = await commit(store, aWrite({ alarms }), aWrite({ ref: aRef("a:bob"), alarms }));
    await commit(store, aWrite({ expected: version, alarms: { remove: [5], add: null } }));
    deepEqual(await store.dueAlarms(5, 10), [{ ref: aRef("a:bob"), at: 5 }]);
  },
};
