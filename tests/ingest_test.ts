import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { startTestServer, type TestServer } from "./fixtures/test_server.ts";
import { rageClicks, wireEvent } from "./fixtures/wire_events.ts";

function zip(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(data));
}

function post(server: TestServer, body: BodyInit, headers: Record<string, string> = {}) {
  return fetch(`${server.origin}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.keys.write_key}`, ...headers },
    body,
  });
}

async function assertError(response: Response, status: number, code: string) {
  const body = await response.json();
  assert.equal(response.status, status);
  assert.equal(body.error.code, code);
  assert.ok(body.error.message.length > 10, "the message says what to do");
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
}

Deno.test("a batch of 500 with 5 broken events: 495 accepted, 5 dead letters with reasons", async () => {
  await using server = await startTestServer();
  const batch: unknown[] = Array.from({ length: 500 }, () => wireEvent());
  batch[3] = wireEvent({ timestamp: "not a date" });
  batch[77] = wireEvent({ id: "lone-\ud800-surrogate" });
  batch[200] = { event: "page_view" };
  batch[201] = "text";
  batch[499] = wireEvent({ anonymous_id: undefined });
  const answer = await server.send(batch);
  assert.equal(answer.accepted, 495);
  assert.equal(answer.duplicates, 0);
  assert.deepEqual(answer.rejected.map(({ index }) => index), [3, 77, 200, 201, 499]);
  for (const { reason } of answer.rejected) assert.ok(reason.length > 5);
  assert.match(answer.rejected[0]?.reason ?? "", /timestamp/);
  assert.equal(answer.rejected[0]?.id, (batch[3] as { id: string }).id);
  const letters = await server.deadLetters();
  assert.deepEqual(
    letters.map(({ reason }) => reason),
    answer.rejected.map(({ reason }) => reason),
  );
  assert.equal((await server.journal()).length, 495);
});

Deno.test("a lone surrogate in an id rejects that event alone", async () => {
  await using server = await startTestServer();
  const answer = await server.send([
    wireEvent(),
    wireEvent({ anonymous_id: "\udc00" }),
    wireEvent({ properties: { url: "https://shop.test/\ud800", note: "a\u0000b" } }),
  ]);
  assert.equal(answer.accepted, 2);
  assert.deepEqual(answer.rejected.map(({ index }) => index), [1]);
  const journal = await server.journal();
  assert.equal(journal[1]?.event.properties.note, "a\ufffdb");
  assert.ok(JSON.stringify(journal).isWellFormed());
});

Deno.test("requests that are wrong get a clear error, and the server goes on", async () => {
  await using server = await startTestServer();
  const one = JSON.stringify({ batch: [wireEvent()] });
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  await assertError(await post(server, one, bearer("nonsense")), 401, "key_invalid");
  const unknown = `snag_write_${"x".repeat(32)}`;
  await assertError(await post(server, one, bearer(unknown)), 401, "key_invalid");
  await assertError(
    await fetch(`${server.origin}/v1/events`, { method: "POST", body: one }),
    401,
    "key_missing",
  );
  await assertError(await post(server, one, bearer(server.keys.read_key)), 403, "key_forbidden");
  await assertError(await post(server, one, bearer(server.keys.admin_key)), 403, "key_forbidden");
  await assertError(await post(server, "{ not json"), 400, "body_not_json");
  await assertError(await post(server, "[]"), 400, "body_invalid");
  await assertError(await post(server, "x".repeat(2 * 1024 * 1024)), 413, "body_too_large");
  const events = Array.from({ length: 501 }, () => wireEvent());
  await assertError(await post(server, JSON.stringify({ batch: events })), 413, "batch_too_large");
  const bomb = zip(new Uint8Array(64 * 1024 * 1024));
  const gzip = { "content-encoding": "gzip" };
  await assertError(await post(server, bomb, gzip), 413, "body_too_large");
  await assertError(await post(server, "not gzip", gzip), 400, "body_not_gzip");
  const cut = zip(one).subarray(0, -10);
  await assertError(await post(server, cut, gzip), 400, "body_not_gzip");
  await assertError(
    await post(server, one, { "content-encoding": "br" }),
    415,
    "encoding_unsupported",
  );
  await assertError(
    await fetch(`${server.origin}/v1/events`, { headers: bearer(server.keys.write_key) }),
    405,
    "method_not_allowed",
  );
  assert.equal((await server.send([wireEvent()])).accepted, 1);
  assert.deepEqual(server.problems, []);
});

Deno.test("a chunked body without a length is bounded too", async () => {
  await using server = await startTestServer();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 64 * 1024;
      if (sent > 64 * 1024 * 1024) controller.close();
      else controller.enqueue(new Uint8Array(64 * 1024).fill(32));
    },
  });
  await assertError(await post(server, endless), 413, "body_too_large");
  assert.ok(sent < 16 * 1024 * 1024, `the server stopped reading after ${sent} bytes`);
});

Deno.test("gzip, a text/plain beacon with ?key= and a preflight all work", async () => {
  await using server = await startTestServer();
  const zipped = zip(JSON.stringify({ batch: [wireEvent()] }));
  const answer = await post(server, zipped, { "content-encoding": "gzip" });
  assert.equal((await answer.json()).accepted, 1);
  const beacon = await fetch(`${server.origin}/v1/events?key=${server.keys.write_key}`, {
    method: "POST",
    headers: { "content-type": "text/plain;charset=UTF-8", origin: "https://shop.test" },
    body: JSON.stringify({ batch: [wireEvent()] }),
  });
  assert.equal((await beacon.json()).accepted, 1);
  const preflight = await fetch(`${server.origin}/v1/events`, {
    method: "OPTIONS",
    headers: {
      origin: "https://shop.test",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,content-encoding",
    },
  });
  assert.equal(preflight.status, 204);
  const allowed = preflight.headers.get("access-control-allow-headers") ?? "";
  for (const name of ["authorization", "content-type", "content-encoding"]) {
    assert.ok(allowed.includes(name));
  }
});

Deno.test("an event sent again counts once, in one batch and over batches", async () => {
  await using server = await startTestServer();
  const event = wireEvent();
  const first = await server.send([event, event]);
  assert.deepEqual([first.accepted, first.duplicates], [1, 1]);
  const changed = { ...event, event: "purchase" };
  const again = await server.send([changed, wireEvent()]);
  assert.deepEqual([again.accepted, again.duplicates], [1, 1]);
  assert.equal((await server.journal()).length, 2);
});

Deno.test("personal fields are hashed before anything is stored, dead letters included", async () => {
  await using server = await startTestServer();
  const properties = {
    url: "https://shop.test/?email=eve%40mail.test&page=2#top",
    email: "eve@mail.test",
    user: { Phone_Number: "+1 555 0100", plan: "pro" },
    ip_address: "203.0.113.9",
  };
  await server.send([
    wireEvent({ properties, context: { ip: "203.0.113.9" } }),
    wireEvent({ properties, timestamp: "never" }),
    wireEvent({ properties: { ...properties, email: "eve@mail.test" } }),
  ]);
  const journal = await server.journal();
  const letters = await server.deadLetters();
  const all = JSON.stringify([journal, letters]);
  for (const secret of ["eve@mail.test", "eve%40mail", "555 0100", "203.0.113.9"]) {
    assert.ok(!all.includes(secret), `${secret} is stored`);
  }
  assert.equal(letters.length, 1);
  const [first, second] = journal.map(({ event }) => event.properties);
  assert.equal(first?.email, second?.email, "equal values stay equal");
  assert.match(String(first?.url), /^https:\/\/shop\.test\/\?email=[0-9a-f]{24}&page=2#top$/);
  assert.equal((first?.user as { plan: string }).plan, "pro");
});

Deno.test("device, browser and country come from the request", async () => {
  await using server = await startTestServer();
  await server.send([wireEvent()], {
    headers: {
      "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) " +
        "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
      "cf-ipcountry": "BR",
    },
  });
  const [entry] = await server.journal();
  assert.deepEqual(entry?.event.context, {
    device_type: "mobile",
    browser: "Safari",
    os: "iOS",
    country: "BR",
  });
});

Deno.test("event time is clamped to its receipt, and a wrong clock is set right", async () => {
  await using server = await startTestServer();
  const day = 24 * 60 * 60 * 1000;
  const now = Date.now();
  await server.send([wireEvent({ anonymous_id: "old", timestamp: "1999-01-01T00:00:00Z" })]);
  await server.send([wireEvent({ anonymous_id: "far", timestamp: "9999-01-01T00:00:00Z" })]);
  const ahead = new Date(now + 3 * day).toISOString();
  await server.send([wireEvent({ anonymous_id: "skewed", timestamp: ahead })], { sent_at: ahead });
  const at = Object.fromEntries(
    (await server.journal()).map(({ event, placement }) => [event.anonymous_id, placement.at]),
  );
  const near = (value: number | undefined, expected: number) =>
    assert.ok(Math.abs((value ?? 0) - expected) < 60_000, `${value} is not near ${expected}`);
  near(at.old, now - day);
  near(at.far, now + 5 * 60_000);
  near(at.skewed, now);
});

Deno.test("oversized, deep and badly named properties reject their event", async () => {
  await using server = await startTestServer();
  const deep = JSON.parse("[".repeat(5000) + "]".repeat(5000));
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, i]));
  const answer = await server.send([
    wireEvent({ properties: { big: "x".repeat(33 * 1024) } }),
    wireEvent({ properties: { deep } }),
    wireEvent({ properties: many }),
    wireEvent({ properties: JSON.parse('{"__proto__": {"admin": true}}') }),
    wireEvent({ id: "i".repeat(201) }),
    wireEvent({ properties: [] }),
    wireEvent(),
  ]);
  assert.equal(answer.accepted, 1);
  assert.deepEqual(answer.rejected.map(({ index }) => index), [0, 1, 2, 3, 4, 5]);
  assert.equal((await server.deadLetters()).length, 6);
});

Deno.test("a rage click sent in one batch is one signal, in the journal once", async () => {
  await using server = await startTestServer();
  const clicks = rageClicks(6);
  await server.send(clicks);
  await server.send(clicks);
  const outbox = await server.snag.store.readLog("outbox", "demo", { limit: 100 });
  const kinds = outbox.map(({ value }) => JSON.parse(value)).filter(({ type }) =>
    type === "signal"
  );
  assert.equal(kinds.length, 1);
  assert.equal(kinds[0].data.kind, "rage_click");
});
