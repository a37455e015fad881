import assert from "node:assert/strict";
import {
  HOUR_MS,
  setUpLiveClient as setUp,
  signal,
  START,
  tokenUntil,
} from "../tests/fake_live_client.ts";
import { LoginNeededError } from "./live_client.ts";

Deno.test("subscribes with topics, filter and after, and is live once that is confirmed", () => {
  const filter = { anonymous_id: ["v1"] };
  const { client, socket, goLive, statuses } = setUp({ filter, after: "s0" });
  client.start();
  assert.equal(socket().url, "ws://snag.test/v1/live?token=first");
  goLive();
  assert.deepEqual(socket().sent, [
    { type: "subscribe", topics: ["signals"], filter, after: "s0" },
  ]);
  assert.deepEqual(statuses.map(({ kind }) => kind), ["connecting", "live"]);
});

Deno.test("delivers a signal once, however often it comes", () => {
  const { client, socket, goLive, received } = setUp();
  client.start();
  goLive();
  socket().receive(signal("s1", "same"));
  socket().receive(signal("s2", "same"));
  socket().receive(signal("s3", "other"));
  assert.deepEqual(received.map(({ seq }) => seq), ["s1", "s3"]);
});

Deno.test("resumes behind the last seq, duplicates included", async () => {
  const { client, socket, goLive, advance, sockets } = setUp();
  client.start();
  goLive();
  socket().receive(signal("s1", "same"));
  socket().receive(signal("s2", "same"));
  socket().events.close(1006);
  await advance(500);
  assert.equal(sockets.length, 2);
  socket().events.open();
  assert.deepEqual(socket().sent.at(-1), { type: "subscribe", topics: ["signals"], after: "s2" });
});

Deno.test("resumes from the confirmed place when nothing else came", async () => {
  const { client, socket, goLive, advance } = setUp();
  client.start();
  goLive();
  socket().events.close(1006);
  await advance(500);
  socket().events.open();
  assert.deepEqual(socket().sent.at(-1), { type: "subscribe", topics: ["signals"], after: "head" });
});

Deno.test("keeps its own place while what lies behind it is still on its way", async () => {
  const { client, socket, goLive, advance } = setUp({ after: "mine" });
  client.start();
  goLive();
  socket().events.close(1006);
  await advance(500);
  socket().events.open();
  assert.deepEqual(socket().sent.at(-1), { type: "subscribe", topics: ["signals"], after: "mine" });
});

Deno.test("waits longer after every failure, up to 30 s", async () => {
  const { client, socket, statuses, advance } = setUp({
    renewToken: () => Promise.resolve(tokenUntil("next", START + 24 * HOUR_MS)),
  });
  client.start();
  const waits: number[] = [];
  let now = START;
  for (let attempt = 0; attempt < 8; attempt++) {
    socket().events.close(1006);
    const status = statuses.at(-1);
    if (status?.kind !== "waiting") throw new Error(`Status is ${status?.kind}`);
    waits.push(status.retryAt - now);
    now = status.retryAt;
    await advance(waits.at(-1) ?? 0);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

Deno.test("begins with short waits again after a connection that lasted", async () => {
  const { client, socket, goLive, statuses, advance } = setUp();
  client.start();
  socket().events.close(1006);
  await advance(500);
  goLive();
  await advance(6000);
  socket().events.close(1006);
  assert.deepEqual(statuses.at(-1), { kind: "waiting", retryAt: START + 500 + 6000 + 500 });
});

Deno.test("resync: subscribes again with its after; only too_old is a gap", () => {
  let gaps = 0;
  const { client, socket, goLive } = setUp({ onGap: () => gaps++ });
  client.start();
  goLive();
  socket().receive({ type: "resync", after: "r1", reason: "slow_reader" });
  assert.deepEqual(socket().sent.at(-1), { type: "subscribe", topics: ["signals"], after: "r1" });
  assert.equal(gaps, 0);
  socket().receive({ type: "resync", after: "r2", reason: "too_old" });
  assert.deepEqual(socket().sent.at(-1), { type: "subscribe", topics: ["signals"], after: "r2" });
  assert.equal(gaps, 1);
});

Deno.test("4401: renews the token at once and resumes", async () => {
  const { client, socket, goLive, advance, sockets } = setUp({
    renewToken: () => Promise.resolve(tokenUntil("second", START + 3 * HOUR_MS)),
  });
  client.start();
  goLive();
  socket().receive(signal("s1"));
  await advance(6000);
  socket().events.close(4401);
  await advance(0);
  assert.equal(sockets.length, 2);
  assert.equal(socket().url, "ws://snag.test/v1/live?token=second");
  socket().events.open();
  assert.deepEqual(socket().sent, [{ type: "subscribe", topics: ["signals"], after: "s1" }]);
});

Deno.test("suspects the token after two attempts without an answer", async () => {
  const { client, socket, advance } = setUp({
    renewToken: () => Promise.resolve(tokenUntil("second", START + 3 * HOUR_MS)),
  });
  client.start();
  socket().events.close(1006);
  await advance(500);
  assert.ok(socket().url.endsWith("token=first"));
  socket().events.close(1006);
  await advance(1000);
  assert.ok(socket().url.endsWith("token=second"));
});

Deno.test("stops and says so when the login is over", async () => {
  const { client, statuses, sockets, advance } = setUp({
    token: tokenUntil("old", START),
    renewToken: () => Promise.reject(new LoginNeededError("The login has ended")),
  });
  client.start();
  await advance(HOUR_MS);
  assert.deepEqual(statuses.at(-1), { kind: "login_needed" });
  assert.equal(sockets.length, 0);
});

Deno.test("stops when its token ends and it has no way to renew it", async () => {
  const { client, statuses, sockets, advance } = setUp({ token: tokenUntil("old", START) });
  client.start();
  await advance(0);
  assert.deepEqual(statuses.at(-1), { kind: "token_expired" });
  assert.equal(sockets.length, 0);
});

Deno.test("tries again when renewing fails for another reason", async () => {
  let attempts = 0;
  const { client, statuses, sockets, advance } = setUp({
    token: tokenUntil("old", START),
    renewToken: () =>
      ++attempts === 1
        ? Promise.reject(new Error("503"))
        : Promise.resolve(tokenUntil("new", START + HOUR_MS)),
  });
  client.start();
  await advance(0);
  assert.equal(statuses.at(-1)?.kind, "waiting");
  await advance(500);
  assert.equal(sockets.length, 1);
});

Deno.test("asks a silent peer, and lets go of a dead one", async () => {
  const { client, socket, goLive, advance, sockets, statuses } = setUp();
  client.start();
  goLive();
  await advance(20_000);
  assert.deepEqual(socket().sent.at(-1), { type: "ping" });
  await advance(20_000);
  assert.equal(sockets[0]?.closed, true);
  assert.equal(statuses.some(({ kind }) => kind === "waiting"), true);
});

Deno.test("offline: no attempts until the network is back, then one at once", async () => {
  const { client, goLive, advance, sockets, statuses } = setUp();
  client.start();
  goLive();
  client.sleep();
  await advance(HOUR_MS / 2);
  assert.equal(sockets.length, 1);
  assert.deepEqual(statuses.at(-1), { kind: "offline" });
  client.wake();
  assert.equal(sockets.length, 2);
});

Deno.test("ignores what an old socket still says", async () => {
  const { client, goLive, advance, sockets, received } = setUp();
  client.start();
  goLive();
  sockets[0]?.events.close(1006);
  await advance(500);
  sockets[0]?.receive(signal("s9"));
  sockets[0]?.events.close(1006);
  assert.deepEqual(received, []);
  assert.equal(sockets.length, 2);
});

Deno.test("stop is final until start", async () => {
  const { client, goLive, advance, sockets, statuses } = setUp();
  client.start();
  goLive();
  client.stop();
  client.wake();
  await advance(HOUR_MS / 2);
  assert.deepEqual(statuses.at(-1), { kind: "stopped" });
  assert.equal(sockets.length, 1);
  assert.equal(sockets[0]?.closed, true);
});

Deno.test("passes metrics and errors on", () => {
  const codes: string[] = [];
  const rates: number[] = [];
  const { client, socket, goLive } = setUp({
    onError: ({ code }) => codes.push(code),
    onMetrics: ({ events_per_s }) => rates.push(events_per_s),
  });
  client.start();
  goLive();
  const at = new Date(START).toISOString();
  const data = {
    at,
    events_per_s: 7,
    signals_per_min: 0,
    active_sessions: 1,
    rejected_per_min: 0,
  };
  socket().receive({ type: "metrics", at, data });
  socket().receive({ type: "error", error: { code: "topic_forbidden", message: "No" } });
  assert.deepEqual([rates, codes], [[7], ["topic_forbidden"]]);
});
