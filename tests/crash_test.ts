import assert from "node:assert/strict";
import { decodeOutbox } from "../actors/live/outbox.ts";
import { decodeJournal } from "../actors/runtime/journal.ts";
import { DenoKvStore } from "../actors/stores/deno_kv.ts";
import { type ServerProcess, spawnServer } from "./fixtures/server_process.ts";
import { rageClicks, wireEvent } from "./fixtures/wire_events.ts";

const ROUNDS = 3;
const CLIENTS = 8;

/** What a client knows of its batches: sent, and whether they were acknowledged. */
interface Batch {
  events: Record<string, unknown>[];
  isAcknowledged: boolean;
}

async function send(server: ServerProcess, batch: Batch): Promise<void> {
  const response = await fetch(`${server.origin}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.keys.write_key}` },
    body: JSON.stringify({ batch: batch.events }),
  });
  const body = await response.json();
  if (response.status === 202) {
    assert.equal(body.accepted + body.duplicates, batch.events.length);
    batch.isAcknowledged = true;
  }
}

function makeBatch(client: number, number: number): Batch {
  // Some visitors come again and again, some once.
  const visitor = { anonymous_id: `client-${client}-${number % 10}` };
  const other = { anonymous_id: `shared-${Math.floor(Math.random() * 3)}` };
  const events = [...rageClicks(3, visitor), wireEvent(visitor), wireEvent(other)];
  return { events, isAcknowledged: false };
}

/** Sends batch after batch until the server is gone. */
async function load(server: ServerProcess, client: number, batches: Batch[]): Promise<void> {
  while (true) {
    const batch = makeBatch(client, batches.length);
    batches.push(batch);
    try {
      await send(server, batch);
    } catch {
      // The server was killed: this batch may or may not have been stored.
      return;
    }
  }
}

async function readAll(dataDir: string) {
  const store = await DenoKvStore.open(`${dataDir}/actors.kv`, () => "none");
  const range = { limit: 1_000_000 };
  const journal = (await store.readLog("journal", "demo", range)).flatMap(decodeJournal);
  const outbox = (await store.readLog("outbox", "demo", range)).map((entry) => decodeOutbox(entry));
  await store.close();
  return { journal, outbox };
}

function assertOnce(ids: string[], what: string) {
  assert.equal(new Set(ids).size, ids.length, `${what} are there once`);
}

Deno.test("kill -9 under load: all that was acknowledged is there, once, and so is what is resent", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "snag_crash_" });
  const batches: Batch[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const server = await spawnServer(dataDir);
    // What the crash before left without an answer is sent again, as the SDK does.
    for (const batch of batches.filter(({ isAcknowledged }) => !isAcknowledged)) {
      await send(server, batch);
    }
    const before = batches.length;
    const clients = Array.from({ length: CLIENTS }, (_, i) => load(server, i, batches));
    while (batches.length < before + 60 + 40 * round) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    server.process.kill("SIGKILL");
    await Promise.all(clients);
    await server.process.status;

    const { journal } = await readAll(dataDir);
    const stored = new Set(journal.map(({ event }) => event.id));
    const acknowledged = batches.filter(({ isAcknowledged }) => isAcknowledged);
    for (const { events } of acknowledged) {
      for (const { id } of events) assert.ok(stored.has(String(id)), `event ${id} was lost`);
    }
    assertOnce(journal.map(({ event }) => event.id), "events");
  }
  const { journal, outbox } = await readAll(dataDir);
  console.log(`  ${batches.length} batches, ${journal.length} events, ${outbox.length} messages`);
  const origins = outbox.map(({ origin }) => origin ?? assert.fail("a message has no origin"));
  for (const actor of new Set(origins.map((origin) => origin.actor))) {
    const numbers = origins.filter((o) => o.actor === actor).map(({ actor_seq }) => actor_seq);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1), `messages of ${actor} have no gaps`);
  }
  const signals = outbox.filter(({ type }) => type === "signal");
  assert.ok(signals.length > 0);
  assertOnce(signals.map(({ data }) => data.id), "signals");
  await Deno.remove(dataDir, { recursive: true });
});
