import { deepEqual, ok } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import { settle } from "../../tests/fixtures/fake_clock.ts";
import { aSession, aSignal, FakeOutlet, LiveStage } from "../../tests/fixtures/live.ts";
import { forSeeds, type Random } from "../../tests/fixtures/seeded.ts";
import { type Clock, delay } from "../clock.ts";
import { MemoryStore } from "../stores/memory.ts";
import type { LogName, LogRange } from "../stores/port.ts";
import type { LiveSession } from "./live_session.ts";

/** A store whose log is read in small pages of time: much can happen before and after. */
class SlowLogStore extends MemoryStore {
  clock: Clock | null = null;

  constructor(private readonly random: Random) {
    super();
  }

  override async readLog(log: LogName, projectId: string, range: LogRange) {
    await this.#wait();
    const entries = await super.readLog(log, projectId, range);
    await this.#wait();
    return entries;
  }

  override async prunedTo(log: LogName, projectId: string) {
    await this.#wait();
    return super.prunedTo(log, projectId);
  }

  async #wait() {
    if (this.clock) await delay(this.clock, this.random.int(0, 30));
  }
}

/** A client that comes and goes, and resumes behind the last it has. */
class Client {
  readonly got: string[] = [];
  #outlet = new FakeOutlet();
  #session: LiveSession | null = null;
  #read = 0;

  constructor(private readonly stage: LiveStage, public after: string) {}

  connect() {
    this.#outlet = new FakeOutlet();
    this.#read = 0;
    this.#session = this.stage.session(this.#outlet);
    this.subscribe();
  }

  /** Subscribes anew behind what was received, also in the middle of a resume. */
  subscribe() {
    this.take();
    if (!this.#session) return this.connect();
    void this.#session.subscribe({ topics: ["signals"], after: this.after });
  }

  leave() {
    this.take();
    this.#session?.close();
    this.#session = null;
  }

  stall(isFull: boolean) {
    this.#outlet.waiting = isFull ? LIMITS.socket_buffered_bytes + 1 : 0;
  }

  /** Reads what has arrived. */
  take() {
    for (const frame of this.#outlet.frames.slice(this.#read)) {
      this.#read++;
      if (frame.type === "signal") {
        this.got.push(frame.seq);
        this.after = frame.seq;
      } else if (frame.type === "resync") {
        this.after = frame.after;
        this.stall(false);
        if (this.#session) {
          void this.#session.subscribe({ topics: ["signals"], after: this.after });
        }
      } else if (frame.type === "subscribed") this.after = frame.after;
    }
  }
}

async function act(stage: LiveStage, client: Client, random: Random) {
  const dice = random.next();
  if (dice < 0.35) {
    await stage.commit({ type: "signal", data: aSignal() });
    if (random.chance(0.5)) stage.publish();
  } else if (dice < 0.5) await stage.commit({ type: "session_started", data: aSession() });
  else if (dice < 0.65) stage.publish(random.int(1, 3));
  else if (dice < 0.72) client.subscribe();
  else if (dice < 0.8) client.leave();
  else if (dice < 0.87) client.stall(random.chance(0.5));
  else client.take();
  if (random.chance(0.5)) await stage.clock.advance(random.int(0, 40));
}

async function finish(stage: LiveStage, client: Client) {
  stage.publish();
  client.stall(false);
  client.subscribe();
  for (let i = 0; i < 20; i++) {
    await stage.clock.advance(500);
    client.take();
  }
  client.leave();
  await stage.clock.advance(500);
}

Deno.test("a resume misses nothing and doubles nothing, whatever happens meanwhile", () =>
  forSeeds(150, async (random) => {
    const store = new SlowLogStore(random);
    const stage = new LiveStage(store);
    store.clock = stage.clock;
    for (let i = 0; i < random.int(0, 5); i++) {
      await stage.commit({ type: "signal", data: aSignal() });
    }
    stage.publish();
    const start = store.head();
    const client = new Client(stage, start);
    client.connect();
    for (let i = 0; i < 60; i++) await act(stage, client, random);
    await finish(stage, client);
    const expected = stage.all.filter(({ type, seq }) => type === "signal" && seq > start);
    deepEqual(client.got, expected.map(({ seq }) => seq));
  }));

Deno.test("a message between its commit and its publishing comes once, read or pushed", async () => {
  const stage = new LiveStage();
  const start = stage.store.head();
  const committed = await stage.commit({ type: "signal", data: aSignal() });
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals"], after: start });
  deepEqual(outlet.seqs, [committed]);
  stage.publish();
  await settle();
  deepEqual(outlet.seqs, [committed]);
  session.close();
});

Deno.test("what a new subscriber is told to resume behind covers all that it was not sent", async () => {
  const stage = new LiveStage();
  await stage.signals(1);
  const inFlight = await stage.commit({ type: "signal", data: aSignal() });
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  await session.subscribe({ topics: ["signals"] });
  const { after } = outlet.last("subscribed");
  stage.publish();
  ok(outlet.seqs.includes(inFlight) || inFlight <= after);
  session.close();
});

Deno.test("what is pruned while a resume reads is told as too old, not left out", async () => {
  const store = new MemoryStore();
  const stage = new LiveStage(store);
  const start = store.head();
  const seqs = await stage.signals(4);
  const read = store.readLog.bind(store);
  store.readLog = async (log, projectId, range) => {
    await store.prune(log, projectId, { keep: 0 });
    return read(log, projectId, range);
  };
  const outlet = new FakeOutlet();
  const session = stage.session(outlet);
  const reading = session.subscribe({ topics: ["signals"], after: start });
  await settle();
  deepEqual(outlet.frames.at(-1), { type: "resync", after: seqs.at(-1), reason: "too_old" });
  await reading;
  session.close();
});
