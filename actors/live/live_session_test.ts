import { deepEqual, equal, throws } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import { MINUTE, SECOND } from "../../tests/fixtures/events.ts";
import { aSession, aSignal, FakeOutlet, LiveStage } from "../../tests/fixtures/live.ts";
import { PROJECT } from "../../tests/fixtures/turn_writes.ts";
import { LiveSession } from "./live_session.ts";

const FULL = LIMITS.socket_buffered_bytes + 1;

const POINT = {
  at: "2026-03-03T12:00:00.000Z",
  events_per_s: 1,
  signals_per_min: 2,
  active_sessions: 3,
  rejected_per_min: 4,
};

Deno.test("before it subscribes, a session gets nothing", async () => {
  const stage = new LiveStage();
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await stage.signals(3);
  stage.hub.publishMetrics(PROJECT, POINT);
  deepEqual(outlet.frames, []);
  session.close();
});

Deno.test("a subscription without after begins now", async () => {
  const stage = new LiveStage();
  const [, last] = await stage.signals(2);
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals"] });
  equal(outlet.last("subscribed").after, last);
  deepEqual(outlet.last("subscribed").topics, ["signals"]);
  const more = await stage.signals(2);
  deepEqual(outlet.seqs, more);
  session.close();
});

Deno.test("topics: signals, sessions and metrics come to those who asked for them", async () => {
  const stage = new LiveStage();
  const outlets = [new FakeOutlet(), new FakeOutlet(), new FakeOutlet()];
  const sessions = outlets.map((outlet) => stage.session(outlet));
  for (const [i, topic] of (["signals", "sessions", "metrics"] as const).entries()) {
    await sessions[i]?.subscribe({ topics: [topic] });
  }
  await stage.commit({ type: "signal", data: aSignal() });
  for (const type of ["session_started", "session_ended", "session_merged"] as const) {
    await stage.commit({ type, data: aSession() });
  }
  stage.publish();
  stage.hub.publishMetrics(PROJECT, POINT);
  deepEqual(outlets.map(({ types }) => types.slice(1)), [
    ["signal"],
    ["session_started", "session_ended", "session_merged"],
    ["metrics"],
  ]);
  for (const session of sessions) session.close();
});

Deno.test("filters hold for live messages and for those read on resume", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  const mixed = async () => {
    await stage.signals(1, { kind: "error_click" });
    return stage.signals(1, { kind: "rage_click" });
  };
  const [before] = await mixed();
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  const filter = { kind: ["rage_click"] };
  await session.subscribe({ topics: ["signals"], filter, after: start });
  const [after] = await mixed();
  deepEqual(outlet.seqs, [before, after]);
  session.close();
});

Deno.test("a token's own filter holds whatever the subscriber asks for", async () => {
  const stage = new LiveStage();
  const outlet = new FakeOutlet();
  const grant = {
    project_id: PROJECT,
    topics: ["signals"] as const,
    filter: { anonymous_id: ["ana"] },
  };
  const session = new LiveSession(stage, grant, outlet);
  await session.subscribe({ topics: ["signals"], filter: { anonymous_id: ["bob", "ana"] } });
  await stage.signals(1, { anonymous_id: "bob" });
  const mine = await stage.signals(1);
  deepEqual(outlet.seqs, mine);
  session.close();
});

Deno.test("another project's messages are neither read nor pushed", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  await stage.commit({ type: "signal", data: aSignal() }, `${PROJECT}2`);
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals"], after: start });
  deepEqual(outlet.types, ["subscribed"]);
  session.close();
});

Deno.test("a resume reads more than one page, and then goes on live", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  const missed = await stage.signals(1201);
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals"], after: start });
  deepEqual(outlet.seqs, missed);
  const more = await stage.signals(2);
  deepEqual(outlet.seqs.slice(-2), more);
  session.close();
});

Deno.test("a cursor that is gone, foreign or of the future is told to resync", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  const seqs = await stage.signals(4);
  await stage.store.prune("outbox", PROJECT, { upTo: seqs[1] as string });
  const cases = [
    [start, seqs[1]],
    [seqs[0], seqs[1]],
    ["zzzz.000000000000001", seqs[3]],
    ["nonsense", seqs[3]],
    [stage.store.head().replace(/\d$/, "9"), seqs[3]],
  ];
  for (const [after, from] of cases) {
    const outlet = new FakeOutlet();
    const session = stage.session(outlet);
    await session.subscribe({ topics: ["signals"], after });
    deepEqual(outlet.types, ["resync"]);
    deepEqual(outlet.frames, [{ type: "resync", after: from, reason: "too_old" }]);
    await session.subscribe({ topics: ["signals"], after: outlet.last("resync").after });
    deepEqual(outlet.seqs, from === seqs[1] ? seqs.slice(2) : []);
    session.close();
  }
});

Deno.test("after a resync nothing comes until the next subscribe", async () => {
  const stage = new LiveStage();
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals", "metrics"], after: "nonsense" });
  await stage.signals(2);
  stage.hub.publishMetrics(PROJECT, POINT);
  deepEqual(outlet.types, ["resync"]);
  session.close();
});

Deno.test("a slow reader gets one resync, then nothing, and misses nothing when it is back", async () => {
  const stage = new LiveStage();
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals", "metrics"] });
  const got = await stage.signals(2);
  outlet.waiting = FULL;
  const missed = await stage.signals(50);
  stage.hub.publishMetrics(PROJECT, POINT);
  outlet.waiting = 0;
  missed.push(...await stage.signals(3));
  stage.hub.publishMetrics(PROJECT, POINT);
  deepEqual(outlet.types, ["subscribed", "signal", "signal", "resync"]);
  deepEqual(outlet.last("resync"), { type: "resync", after: got[1], reason: "slow_reader" });
  await session.subscribe({ topics: ["signals"], after: outlet.last("resync").after });
  deepEqual(outlet.seqs, [...got, ...missed]);
  session.close();
});

Deno.test("a reader that is slow while it catches up is waited for", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  const missed = await stage.signals(10);
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  outlet.waiting = FULL;
  const reading = session.subscribe({ topics: ["signals"], after: start });
  await stage.clock.advance(10 * SECOND);
  deepEqual(outlet.seqs, []);
  outlet.waiting = 0;
  await stage.clock.until(reading);
  deepEqual(outlet.seqs, missed);
  session.close();
});

Deno.test("a reader that takes nothing for a minute is closed, and its place is free", async () => {
  const stage = new LiveStage();
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals"] });
  outlet.waiting = FULL;
  await stage.clock.advance(30 * SECOND);
  outlet.waiting = 0;
  await stage.clock.advance(10 * SECOND);
  outlet.waiting = FULL;
  await stage.clock.advance(MINUTE);
  equal(outlet.closeCode, undefined, "it took something in between");
  await stage.clock.advance(10 * SECOND);
  equal(outlet.closeCode, 1013);
  equal(stage.hub.count(PROJECT), 0);
  equal(stage.clock.pending, 0);
});

Deno.test("a stall ends a resume that nobody takes", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  await stage.signals(3);
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  outlet.waiting = FULL;
  const reading = session.subscribe({ topics: ["signals"], after: start });
  await stage.clock.until(reading);
  equal(outlet.closeCode, 1013);
  deepEqual(outlet.seqs, []);
  equal(stage.clock.pending, 0);
});

Deno.test("a session that is closed stays closed, whatever still arrives for it", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  await stage.signals(2);
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  session.end();
  equal(outlet.closeCode, 1001);
  await session.subscribe({ topics: ["signals"] });
  await session.subscribe({ topics: ["signals"], after: start });
  session.close();
  const other = stage.session(new FakeOutlet());
  session.close();
  equal(stage.hub.count(PROJECT), 1);
  other.close();
  equal(stage.clock.pending, 0);
});

Deno.test("one subscriber too many is refused and leaves nothing behind", () => {
  const stage = new LiveStage();
  const sessions = Array.from(
    { length: LIMITS.subscribers },
    () => stage.session(new FakeOutlet()),
  );
  throws(() => stage.session(new FakeOutlet()), { code: "too_many_subscribers", status: 429 });
  for (const session of sessions) session.close();
  equal(stage.clock.pending, 0);
});
