import type { LiveInbound, LiveOutbound, StoredMessage } from "../schema/live.ts";
import { LiveClient, type LiveClientOptions, type LiveStatus } from "../islands/live_client.ts";
import type { SocketEvents } from "../islands/live_socket.ts";

/** When the tests begin. */
export const START = Date.parse("2026-03-01T12:00:00Z");
export const HOUR_MS = 3_600_000;

/** A socket that does nothing by itself. */
class FakeSocket {
  readonly sent: LiveInbound[] = [];
  closed = false;
  constructor(readonly url: string, readonly events: SocketEvents) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  receive(message: LiveOutbound): void {
    this.events.message(JSON.stringify(message));
  }
}

/** A client with a clock that is moved by hand and sockets that do nothing by themselves. */
export function setUpLiveClient(options: Partial<LiveClientOptions> = {}) {
  let now = START;
  let nextId = 1;
  const timers = new Map<number, { at: number; run: () => void }>();
  const sockets: FakeSocket[] = [];
  const received: StoredMessage[] = [];
  const statuses: LiveStatus[] = [];
  const client = new LiveClient({
    url: "ws://snag.test/v1/live",
    token: tokenUntil("first", START + HOUR_MS),
    topics: ["signals"],
    onMessage: (message) => received.push(message),
    onStatus: (status) => statuses.push(status),
    connect: (url, events) => {
      const socket = new FakeSocket(url, events);
      sockets.push(socket);
      return socket;
    },
    clock: {
      now: () => now,
      setTimeout: (run, ms) => {
        timers.set(nextId, { at: now + ms, run });
        return nextId++;
      },
      clearTimeout: (id) => timers.delete(id),
      random: () => 1,
    },
    ...options,
  });
  const advance = async (ms: number) => {
    const until = now + ms;
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= until)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      timers.delete(due[0]);
      now = due[1].at;
      due[1].run();
      await Promise.resolve();
    }
    now = until;
    await Promise.resolve();
  };
  const socket = () => {
    const last = sockets.at(-1);
    if (!last) throw new Error("There is no socket yet");
    return last;
  };
  const goLive = () => {
    socket().events.open();
    socket().receive({ type: "subscribed", topics: ["signals"], after: "head" });
  };
  return { client, sockets, socket, goLive, received, statuses, advance };
}

/** A live token. */
export function tokenUntil(token: string, expiresMs: number) {
  return { token, expires_at: new Date(expiresMs).toISOString() };
}

/** A signal as the stream sends it. */
export function signal(seq: string, id = `sig ${seq}`): LiveOutbound {
  const at = new Date(START).toISOString();
  return {
    type: "signal",
    seq,
    at,
    data: {
      id,
      kind: "rage_click",
      session_id: "session",
      severity: "high",
      at,
      explanation: "",
      event_id: "event",
      evidence: {},
    },
  };
}
