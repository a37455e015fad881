import type { Clock } from "../../actors/clock.ts";
import type { LiveHub } from "../../actors/live/hub.ts";
import { LiveSession, type Outlet } from "../../actors/live/live_session.ts";
import type { ActorStore } from "../../actors/stores/port.ts";
import { ApiError } from "../../schema/error.ts";
import { LIMITS } from "../../schema/limits.ts";
import { type LiveInbound, liveInboundSchema } from "../../schema/live.ts";
import { checkTopics, type LiveAccess } from "./live.ts";

export interface LiveSocketDeps {
  store: ActorStore;
  hub: LiveHub;
  clock: Clock;
  onProblem: (what: string, error: unknown) => void;
}

/** Close code for a token that ran out: get a new one, and resume. */
const TOKEN_EXPIRED = 4401;
const WINDOW_MS = 10_000;

class SocketOutlet implements Outlet {
  constructor(private readonly socket: WebSocket) {}

  send(frame: string) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame);
  }

  buffered() {
    return this.socket.bufferedAmount;
  }

  close(code: number, reason: string) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.close(code, reason);
  }
}

/** Counts a subscriber's messages over ten seconds. */
class InboundRate {
  #from = 0;
  #count = 0;

  /** @returns false once there are too many */
  allows(now: number): boolean {
    if (now - this.#from >= WINDOW_MS) {
      this.#from = now;
      this.#count = 0;
    }
    return ++this.#count <= LIMITS.live_inbound_per_10_s;
  }
}

function parseInbound(data: unknown): LiveInbound {
  let value: unknown;
  try {
    value = JSON.parse(String(data));
  } catch {
    throw new ApiError("body_not_json", "A message must be JSON");
  }
  const parsed = liveInboundSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiError("body_invalid", `${issue?.path.join(".") || "message"}: ${issue?.message}`);
}

/** Upgrades a request to the live WebSocket. The first `subscribe` starts the stream. */
export function openLiveSocket(
  request: Request,
  access: LiveAccess,
  deps: LiveSocketDeps,
): Response {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new ApiError("upgrade_required", "Connect with a WebSocket, or use /v1/live/sse");
  }
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 120 });
  const outlet = new SocketOutlet(socket);
  const rate = new InboundRate();
  let session: LiveSession | undefined;
  let cancelExpiry = () => {};

  const tellError = (error: unknown) => {
    const known = error instanceof ApiError;
    if (!known) deps.onProblem("Live subscription failed", error);
    const code = known ? error.code : "internal_error";
    const message = known ? error.message : "Something failed on our side; it has been logged";
    outlet.send(JSON.stringify({ type: "error", error: { code, message } }));
  };

  socket.onopen = () => {
    try {
      session = new LiveSession(deps, access, outlet);
    } catch (error) {
      tellError(error);
      return outlet.close(1013, "Too many subscribers");
    }
    if (access.expires_at !== undefined) {
      const left = access.expires_at - deps.clock.now();
      cancelExpiry = deps.clock.setTimeout(() => outlet.close(TOKEN_EXPIRED, "expired"), left);
    }
  };
  socket.onmessage = async ({ data }) => {
    if (typeof data !== "string" || data.length > LIMITS.live_inbound_bytes) {
      return outlet.close(1009, "Message too large, or not text");
    }
    if (!rate.allows(deps.clock.now())) return outlet.close(1008, "Too many messages");
    try {
      const message = parseInbound(data);
      if (message.type === "ping") return outlet.send('{"type":"pong"}');
      checkTopics(access, message.topics);
      await session?.subscribe(message);
    } catch (error) {
      tellError(error);
    }
  };
  socket.onerror = () => {
    // A broken connection; `close` follows and ends the session.
  };
  socket.onclose = () => {
    cancelExpiry();
    session?.close();
  };
  return response;
}
