import assert from "node:assert/strict";
import { LIMITS } from "../schema/limits.ts";
import { TestSubscriber } from "./fixtures/live_socket.ts";
import { startTestServer, type TestServer } from "./fixtures/test_server.ts";
import { rageClicks, wireEvent } from "./fixtures/wire_events.ts";

/** One visitor's rage click: one `session_started` and one `signal`. */
async function rage(server: TestServer, visitor: string) {
  await server.send(rageClicks(3, { anonymous_id: visitor }));
}

async function liveToken(server: TestServer, body: unknown, key = server.keys.read_key) {
  const response = await fetch(`${server.origin}/v1/live/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

Deno.test("a rage click reaches a subscriber with its sentence, session and place", async () => {
  await using server = await startTestServer();
  await using live = await TestSubscriber.open(server.origin, server.keys.read_key);
  await rage(server, "ana");
  await live.until(() => live.signals.length > 0);
  const { type, seq, data } = live.signals[0] ?? assert.fail("there is no signal");
  assert.equal(type, "signal");
  assert.ok(seq);
  assert.equal(data.kind, "rage_click");
  assert.equal(data.anonymous_id, "ana");
  assert.equal(data.url, "https://shop.test/cart");
  assert.equal(data.selector, "#pay");
  assert.match(data.explanation, /3 fast clicks on “#pay”/);
  assert.ok(data.session_id.startsWith("ses_"));
  assert.deepEqual(Object.keys(live.signals[0] ?? {}).sort(), ["at", "data", "seq", "type"]);
});

Deno.test("who was away and comes back with after misses nothing and sees nothing twice", async () => {
  await using server = await startTestServer();
  const first = await TestSubscriber.open(server.origin, server.keys.read_key);
  await rage(server, "before");
  await first.until(() => first.stored.length === 2);
  const after = first.stored.at(-1)?.seq;
  await first[Symbol.asyncDispose]();

  for (let i = 0; i < 40; i++) await rage(server, `away-${i}`);
  const sending = Promise.all(Array.from({ length: 40 }, (_, i) => rage(server, `back-${i}`)));
  await using second = await TestSubscriber.open(server.origin, server.keys.read_key, { after });
  await sending;
  await rage(server, "last");
  await second.until(() => second.signals.some(({ data }) => data.anonymous_id === "last"));

  const ids = second.stored.map(({ type, data }) => `${type} ${data.id}`);
  assert.equal(new Set(ids).size, ids.length, "nothing comes twice");
  assert.equal(second.signals.length, 81);
  const seqs = second.stored.map(({ seq }) => seq);
  assert.deepEqual(seqs, seqs.toSorted(), "in order");
  assert.ok(!second.signals.some(({ data }) => data.anonymous_id === "before"));
});

Deno.test("resuming works over a restart of the server", async () => {
  const folder = await Deno.makeTempDir({ prefix: "snag_test_" });
  let after: string | undefined;
  {
    await using server = await startTestServer(folder);
    await using live = await TestSubscriber.open(server.origin, server.keys.read_key);
    await rage(server, "one");
    await live.until(() => live.signals.length === 1);
    after = live.stored.at(-1)?.seq;
    await rage(server, "two");
  }
  {
    await using server = await startTestServer(folder);
    await using live = await TestSubscriber.open(server.origin, server.keys.read_key, { after });
    await rage(server, "three");
    await live.until(() => live.signals.length === 2);
    assert.deepEqual(live.signals.map(({ data }) => data.anonymous_id), ["two", "three"]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a cursor that this server never gave gets resync, and the stream goes on from there", async () => {
  await using server = await startTestServer();
  await rage(server, "old");
  for (const after of ["zzzz.000000000000001", "nonsense", "9999.999999999999999"]) {
    await using live = await TestSubscriber.open(server.origin, server.keys.read_key, { after });
    const resync = live.messages.find(({ type }) => type === "resync");
    assert.ok(resync?.type === "resync" && resync.reason === "too_old");
    live.send({ type: "subscribe", topics: ["signals"], after: resync.after });
    await live.until((all) => all.some(({ type }) => type === "subscribed"));
    await rage(server, `after ${after}`);
    await live.until(() => live.signals.length === 1);
  }
});

Deno.test("filters by kind, severity, page, selector and visitor", async () => {
  await using server = await startTestServer();
  const { origin, keys } = server;
  const open = (filter: Record<string, unknown>) =>
    TestSubscriber.open(origin, keys.read_key, { topics: ["signals"], filter });
  await using page = await open({ page: ["/cart"] });
  await using prefix = await open({ page: ["/c*"], kind: ["rage_click"], severity: ["high"] });
  await using visitor = await open({ anonymous_id: ["two"], selector: ["#pay"] });
  await using none = await open({ kind: ["error_click"] });
  await using all = await open({ severity: ["high"] });
  await rage(server, "one");
  await rage(server, "two");
  await all.until(() => all.signals.length === 2);
  await page.until(() => page.signals.length === 2);
  await prefix.until(() => prefix.signals.length === 2);
  await visitor.until(() => visitor.signals.length === 1);
  assert.equal(visitor.signals[0]?.data.anonymous_id, "two");
  assert.equal(none.signals.length, 0);
});

Deno.test("keys and tokens: write keys and strangers get nothing, tokens only their scope", async () => {
  await using server = await startTestServer();
  const { origin, keys } = server;
  const status = async (token: string) => {
    const response = await fetch(`${origin}/v1/live/sse?token=${token}`);
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status(keys.write_key), 403);
  assert.equal(await status("nonsense"), 401);
  assert.equal(await status(""), 401);
  assert.equal(await status(keys.read_key), 200);
  assert.equal((await liveToken(server, {}, keys.write_key)).status, 403);
  assert.equal((await liveToken(server, { topics: ["secrets"] })).status, 400);
  assert.equal((await liveToken(server, { ttl_s: 10 ** 9 })).status, 400);

  const { body } = await liveToken(server, {
    topics: ["signals"],
    filter: { anonymous_id: ["mine"] },
  });
  await using live = await TestSubscriber.open(origin, body.token, { topics: ["signals"] });
  live.send({ type: "subscribe", topics: ["sessions"] });
  await live.until((all) => all.some(({ type }) => type === "error"));
  await rage(server, "theirs");
  await rage(server, "mine");
  await live.until(() => live.signals.length === 1);
  assert.equal(live.signals[0]?.data.anonymous_id, "mine");
  const [head, payload, signature] = body.token.split(".");
  const claims = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, {
    alphabet: "base64url",
  })));
  const forged = new TextEncoder().encode(JSON.stringify({ ...claims, filter: undefined }));
  const tampered = forged.toBase64({ alphabet: "base64url", omitPadding: true });
  assert.equal(await status(`${head}.${tampered}.${signature}`), 401);
});

Deno.test("a message that makes no sense is answered, and the socket stays", async () => {
  await using server = await startTestServer();
  await using live = await TestSubscriber.open(server.origin, server.keys.read_key);
  for (const text of ["{", "[]", '{"type":"subscribe","topics":["x"]}', '{"type":"dance"}']) {
    live.send(text);
  }
  await live.until((all) => all.filter(({ type }) => type === "error").length === 4);
  live.send({ type: "ping" });
  await live.until((all) => all.some(({ type }) => type === "pong"));
});

Deno.test("a subscriber that sends too much, or too large, is closed", async () => {
  await using server = await startTestServer();
  const large = await TestSubscriber.open(server.origin, server.keys.read_key);
  large.send("x".repeat(LIMITS.live_inbound_bytes + 1));
  assert.equal((await large.closed).code, 1009);
  const noisy = await TestSubscriber.open(server.origin, server.keys.read_key);
  for (let i = 0; i < LIMITS.live_inbound_per_10_s; i++) noisy.send({ type: "ping" });
  assert.equal((await noisy.closed).code, 1008);
});

Deno.test("server-sent events resume with Last-Event-ID", async () => {
  await using server = await startTestServer();
  const { origin, keys } = server;
  const read = async (lastId: string | undefined, until: string) => {
    const response = await fetch(`${origin}/v1/live/sse?topics=signals&token=${keys.read_key}`, {
      headers: lastId === undefined ? {} : { "last-event-id": lastId },
    });
    let text = "";
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (reader && !text.includes(until)) text += (await reader.read()).value ?? "";
    await reader?.cancel();
    return { text, lastId: [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] };
  };
  const first = await read(undefined, "event: subscribed");
  await rage(server, "while-away");
  const second = await read(first.lastId, "while-away");
  assert.match(second.text, /event: signal/);
  assert.equal(second.text.match(/event: signal/g)?.length, 1);
  const sending = read(second.lastId, "afterwards");
  await rage(server, "afterwards");
  const third = await sending;
  assert.ok(!third.text.includes("while-away"));
});

Deno.test("the thousand-and-first subscriber is turned away", async () => {
  await using server = await startTestServer();
  const leave = Array.from({ length: LIMITS.subscribers }, () => {
    return server.snag.hub.add("demo", { onMessage() {}, onMetrics() {}, end() {} });
  });
  const response = await fetch(`${server.origin}/v1/live/sse?token=${server.keys.read_key}`);
  assert.equal(response.status, 429);
  assert.equal((await response.json()).error.code, "too_many_subscribers");
  leave[0]?.();
  await using live = await TestSubscriber.open(server.origin, server.keys.read_key);
  await server.send([wireEvent()]);
  await live.until(() => live.stored.length === 1);
});
