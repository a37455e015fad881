import { deepEqual, equal, ok } from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../engine/settings.ts";
import { LIMITS } from "../../schema/limits.ts";
import { anEvent, HOUR, MINUTE, SECOND, T0 } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { faultsInOrder, FaultyStore } from "../../tests/fixtures/faulty_store.ts";
import { aRuntime, outboxOf, type TestRuntime } from "../../tests/fixtures/runtime.ts";
import { aRef } from "../../tests/fixtures/turn_writes.ts";
import { MemoryStore } from "../stores/memory.ts";
import { startAlarmSweeper } from "./alarm_sweeper.ts";

const IDLE_MS = DEFAULT_SETTINGS.idle_ms;
const NEVER = Number.MAX_SAFE_INTEGER;

async function types(test: TestRuntime): Promise<string[]> {
  return (await outboxOf(test.store)).map(({ type }) => type);
}

async function wake(test: TestRuntime, at: number) {
  test.runtime.wake({ ref: aRef(), at });
  await test.clock.until(test.runtime.idle());
}

async function storedAlarms(test: TestRuntime): Promise<number[]> {
  return (await test.store.dueAlarms(NEVER, 100)).map(({ at }) => at - T0);
}

Deno.test("ALARM-1 the sweeper ends a session half an hour after its last event", async () => {
  const test = aRuntime();
  const { clock, store, runtime } = test;
  const stop = startAlarmSweeper({
    store,
    clock,
    wake: (due) => runtime.wake(due),
    onProblem: () => {},
  });
  await test.send([anEvent()]);
  await clock.advance(IDLE_MS);
  deepEqual(await types(test), ["session_started"]);
  await clock.advance(2 * SECOND);
  deepEqual(await types(test), ["session_started", "session_ended"]);
  await stop();
  equal(clock.pending, 0);
});

Deno.test("ALARM-1 the stored alarm is moved lazily: not with each event", async () => {
  const test = aRuntime();
  await test.send([anEvent({ id: "e1" })]);
  deepEqual(await storedAlarms(test), [IDLE_MS + 1]);
  await test.clock.advance(10 * MINUTE);
  await test.send([anEvent({ id: "e2", at: 10 * MINUTE })]);
  deepEqual(await storedAlarms(test), [IDLE_MS + 1]);
  await test.clock.advance(21 * MINUTE);
  await wake(test, T0 + IDLE_MS + 1);
  deepEqual(await types(test), ["session_started"], "it has gone on");
  deepEqual(await storedAlarms(test), [10 * MINUTE + IDLE_MS + 1]);
});

Deno.test("ALARM-2 an alarm that fires early stays stored for its time", async () => {
  const test = aRuntime();
  await test.send([anEvent()]);
  await wake(test, T0 + IDLE_MS + 1);
  deepEqual(await types(test), ["session_started"]);
  deepEqual(await storedAlarms(test), [IDLE_MS + 1]);
});

Deno.test("ALARM-2 an alarm that fires twice ends the session once", async () => {
  const test = aRuntime();
  await test.send([anEvent()]);
  test.clock.jump(IDLE_MS + 1);
  const at = T0 + IDLE_MS + 1;
  test.runtime.wake({ ref: aRef(), at });
  test.runtime.wake({ ref: aRef(), at });
  await test.clock.until(test.runtime.idle());
  await wake(test, at);
  deepEqual(await types(test), ["session_started", "session_ended"]);
});

Deno.test("ALARM-2 an alarm nobody stored, of an actor nobody knows, leaves nothing behind", async () => {
  const test = aRuntime();
  await wake(test, T0);
  equal((await test.store.load(aRef())).version, null);
  deepEqual(await storedAlarms(test), []);
  deepEqual(await types(test), []);
});

Deno.test("ALARM-2 an hour asleep: the alarm fires late, and ends the session once", async () => {
  const test = aRuntime();
  await test.send([anEvent()]);
  test.clock.jump(2 * HOUR);
  await wake(test, T0 + IDLE_MS + 1);
  deepEqual(await types(test), ["session_started", "session_ended"]);
  deepEqual(await storedAlarms(test), [LIMITS.actor_retention_ms]);
});

Deno.test("an event that comes with its alarm is folded in their order", async () => {
  const test = aRuntime();
  await test.send([anEvent({ id: "e1" })]);
  test.clock.jump(IDLE_MS + 1);
  test.runtime.wake({ ref: aRef(), at: T0 + IDLE_MS + 1 });
  await test.send([anEvent({ id: "e2", at: IDLE_MS + 1 })]);
  deepEqual(await types(test), ["session_started", "session_ended", "session_started"]);
  deepEqual(await storedAlarms(test), [2 * (IDLE_MS + 1)]);
});

Deno.test("an actor is removed once its retention is over, with its alarm and its ids", async () => {
  const test = aRuntime();
  await test.send([anEvent({ id: "e1" })]);
  await test.clock.advance(IDLE_MS + 1);
  await wake(test, T0 + IDLE_MS + 1);
  await test.clock.advance(LIMITS.actor_retention_ms - IDLE_MS - 2);
  await wake(test, T0 + LIMITS.actor_retention_ms);
  ok((await test.store.load(aRef())).version, "not a millisecond early");
  deepEqual(await storedAlarms(test), [LIMITS.actor_retention_ms]);
  await test.clock.advance(1);
  await wake(test, T0 + LIMITS.actor_retention_ms);
  equal((await test.store.load(aRef())).version, null);
  deepEqual(await storedAlarms(test), []);
  const again = await test.send([anEvent({ id: "e2", timestamp_ms: test.clock.now() })]);
  equal(again.accepted, 1);
});

Deno.test("an actor that was away past its retention ends its session before it goes", async () => {
  const test = aRuntime();
  await test.send([anEvent()]);
  test.clock.jump(LIMITS.actor_retention_ms + HOUR);
  await wake(test, T0 + IDLE_MS + 1);
  deepEqual(await types(test), ["session_started", "session_ended"]);
  equal((await test.store.load(aRef())).version, null);
  deepEqual(await storedAlarms(test), []);
});

Deno.test("an alarm whose commit fails stays stored, and is found again", async () => {
  const clock = new FakeClock();
  let isAway = false;
  const store = new FaultyStore(
    new MemoryStore(),
    clock,
    (call) => isAway && call === "commit" ? "throws" : "none",
  );
  const test = aRuntime({ clock, store });
  await test.send([anEvent()]);
  clock.jump(IDLE_MS + 1);
  isAway = true;
  await wake(test, T0 + IDLE_MS + 1);
  deepEqual(await storedAlarms(test), [IDLE_MS + 1]);
  isAway = false;
  await wake(test, T0 + IDLE_MS + 1);
  deepEqual(await types(test), ["session_started", "session_ended"]);
});

Deno.test("alarms that cannot be read are reported, and read at the next sweep", async () => {
  const clock = new FakeClock();
  const store = new FaultyStore(new MemoryStore(), clock, faultsInOrder({}));
  const problems: string[] = [];
  let sweeps = 0;
  store.dueAlarms = () => {
    sweeps++;
    return Promise.reject(new Error("Store is away"));
  };
  const onProblem = (what: string) => void problems.push(what);
  const stop = startAlarmSweeper({ store, clock, wake: () => {}, onProblem });
  await clock.advance(3 * SECOND);
  equal(sweeps, 3);
  equal(problems.length, 3);
  await stop();
});
