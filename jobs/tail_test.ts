import { deepEqual, equal, rejects } from "node:assert/strict";
import type { LiveOutbound } from "../schema/live.ts";
import { tail, type TailOptions } from "./tail.ts";

const KEY = "rk_test";
const AT = "2026-08-01T14:03:07.123Z";
const session = { id: "s", started_at: AT, ended_at: AT, events_count: 1, signals_count: 0 };
const message = (seq: string): LiveOutbound => ({
  type: "session_started",
  seq,
  at: AT,
  data: session,
});
const SUBSCRIBED: LiveOutbound = { type: "subscribed", topics: ["signals"], after: "s0" };

/** What the fake server does with one connection's messages. */
type Script = (socket: WebSocket, received: Record<string, unknown>) => void;

/** A live server that plays one script per connection, the last one again and again. */
async function withServer(
  scripts: Script[],
  test: (url: string, received: Record<string, unknown>[]) => Promise<void>,
): Promise<void> {
  const received: Record<string, unknown>[] = [];
  let connections = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (new URL(request.url).searchParams.get("token") !== KEY) {
      const error = { code: "token_invalid", message: "This token is not valid" };
      return Response.json({ error }, { status: 401 });
    }
    if (request.headers.get("upgrade") !== "websocket") return new Response("", { status: 426 });
    const { socket, response } = Deno.upgradeWebSocket(request);
    const script = scripts[Math.min(connections++, scripts.length - 1)];
    socket.onmessage = ({ data }) => {
      const parsed = JSON.parse(data);
      received.push(parsed);
      script?.(socket, parsed);
    };
    return response;
  });
  try {
    await test(`http://127.0.0.1:${server.addr.port}`, received);
  } finally {
    await server.shutdown();
  }
}

/** Follows until `done` says so; waits are skipped and written down. */
async function follow(
  options: Partial<TailOptions> & { url: string },
  done: (message: LiveOutbound | undefined) => boolean,
) {
  const stopping = new AbortController();
  const seen = { messages: [] as (LiveOutbound | undefined)[], status: [] as string[], waits: 0 };
  await tail({ token: KEY, topics: ["signals"], ...options }, {
    signal: stopping.signal,
    onMessage(_, message) {
      seen.messages.push(message);
      if (done(message)) stopping.abort();
    },
    onStatus: (text) => seen.status.push(text),
    wait: () => Promise.resolve(void seen.waits++),
    random: () => 1,
  });
  return seen;
}

const send = (socket: WebSocket, ...messages: unknown[]) =>
  messages.forEach((m) => socket.send(JSON.stringify(m)));
const isSeq = (seq: string) => (m: LiveOutbound | undefined) => !!m && "seq" in m && m.seq === seq;

Deno.test("tail subscribes as asked and hands on what comes", () =>
  withServer([
    (socket) => send(socket, SUBSCRIBED, { type: "new_thing" }, message("s1")),
  ], async (url, received) => {
    const filter = { kind: ["rage_click"] };
    const { messages } = await follow({ url, filter, after: "s-1" }, isSeq("s1"));
    deepEqual(received, [{ type: "subscribe", topics: ["signals"], filter, after: "s-1" }]);
    deepEqual(messages.map((m) => m?.type), ["subscribed", undefined, "session_started"]);
  }));

Deno.test("after a lost connection it resumes behind the last message", () =>
  withServer([
    (socket) => {
      send(socket, SUBSCRIBED, message("s1"), message("s2"));
      socket.close();
    },
    // Lost again before the missed messages came: the old place must still count.
    (socket) => {
      send(socket, { ...SUBSCRIBED, after: "s9" });
      socket.close();
    },
    (socket) => send(socket, { ...SUBSCRIBED, after: "s9" }, message("s3")),
  ], async (url, received) => {
    const { status } = await follow({ url }, isSeq("s3"));
    deepEqual(received.map(({ after }) => after), [undefined, "s2", "s2"]);
    deepEqual(status, [
      "Disconnected (connection lost); trying again in 0.5 s",
      "Connected again",
      "Disconnected (connection lost); trying again in 0.5 s",
      "Connected again",
    ]);
  }));

Deno.test("a resync is followed by a subscription from where it says", () =>
  withServer([
    (socket, { after }) =>
      after === "s7"
        ? send(socket, message("s8"))
        : send(socket, SUBSCRIBED, { type: "resync", after: "s7", reason: "too_old" }),
  ], async (url) => {
    const { status } = await follow({ url }, isSeq("s8"));
    equal(status.length, 1);
  }));

Deno.test("what cannot work is said once, with what to do", async () => {
  await withServer([() => {}], async (url) => {
    await rejects(follow({ url, token: "wrong" }, () => false), {
      name: "TailError",
      message: /refuses the key \(This token is not valid\): give a read key with --key/,
    });
  });
  const error = { type: "error", error: { code: "topic_forbidden", message: "Not yours" } };
  await withServer([(socket) => send(socket, error)], async (url) => {
    await rejects(follow({ url }, () => false), { message: "The server says: Not yours" });
  });
  await withServer([(socket) => socket.close(4401, "expired")], async (url) => {
    await rejects(follow({ url }, () => false), { message: /The token expired/ });
  });
  await rejects(follow({ url: "http://127.0.0.1:9" }, () => false), {
    message: /No server answers at http:\/\/127\.0\.0\.1:9: start it with "deno task start"/,
  });
  await rejects(follow({ url: "nonsense" }, () => false), { message: /Not a server's address/ });
});
