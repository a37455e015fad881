import assert from "node:assert/strict";
import { LIMITS } from "../schema/limits.ts";
import type { StoredMessage } from "../schema/live.ts";
import { startTestServer, type TestServer } from "./fixtures/test_server.ts";

const MESSAGES = 40_000;
/** What the two kernels may hold for one connection, generously. */
const KERNEL_BYTES = 16 * 1024 * 1024;

function textFrame(text: string): Uint8Array<ArrayBuffer> {
  const payload = new TextEncoder().encode(text);
  assert.ok(payload.length < 126, "a short frame");
  // Masked with zeros, as a client has to mask.
  return new Uint8Array([0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload]);
}

/** A WebSocket subscriber below the browser's API: it reads only when it is told to. */
async function openUnread(server: TestServer): Promise<Deno.TcpConn> {
  const { port } = new URL(server.origin);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = `GET /v1/live?token=${server.keys.read_key} HTTP/1.1\r\n` +
    `Host: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  await connection.write(textFrame('{"type":"subscribe","topics":["signals"]}'));
  let text = "";
  while (!text.includes('"subscribed"')) {
    const chunk = new Uint8Array(4096);
    const size = await connection.read(chunk) ?? assert.fail("the socket closed");
    text += new TextDecoder().decode(chunk.subarray(0, size));
  }
  return connection;
}

function message(number: number, epoch: string): StoredMessage {
  const at = new Date().toISOString();
  return {
    type: "signal",
    seq: `${epoch}.${String(1_000_000 + number).padStart(15, "0")}`,
    at,
    data: {
      id: `sig_${number}`,
      kind: "rage_click",
      anonymous_id: "visitor",
      session_id: "ses_1",
      severity: "high",
      at,
      explanation: "x".repeat(1000),
      event_id: `event-${number}`,
      evidence: {},
    },
  };
}

Deno.test("a subscriber that never reads costs bounded memory, and is told to resync", async () => {
  await using server = await startTestServer();
  const connection = await openUnread(server);
  const epoch = server.snag.store.head().split(".")[0] ?? "";
  for (let from = 0; from < MESSAGES; from += 1000) {
    const messages = Array.from({ length: 1000 }, (_, i) => message(from + i, epoch));
    server.snag.hub.publish("demo", messages);
    // Lets the server write to the socket between two bursts.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  let size = 0;
  let tail = "";
  const chunk = new Uint8Array(256 * 1024);
  while (!tail.includes('"resync"')) {
    const read = await connection.read(chunk) ?? assert.fail("closed before the resync");
    size += read;
    tail = tail.slice(-200) + new TextDecoder().decode(chunk.subarray(0, read));
  }
  console.log(`  ${MESSAGES} messages published, ${size} bytes were waiting`);
  assert.ok(size < LIMITS.socket_buffered_bytes + KERNEL_BYTES, `${size} bytes were waiting`);
  connection.close();
});
