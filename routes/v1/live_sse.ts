import { repeat } from "../../actors/clock.ts";
import { LiveSession, type Outlet } from "../../actors/live/live_session.ts";
import { ApiError } from "../../schema/error.ts";
import { LIMITS } from "../../schema/limits.ts";
import { type LiveFilter, liveInboundSchema } from "../../schema/live.ts";
import { checkTopics, type LiveAccess } from "./live.ts";
import type { LiveSocketDeps } from "./live_socket.ts";

const KEEPALIVE_MS = 15_000;
const RETRY_MS = 2000;

class SseOutlet implements Outlet {
  readonly #encoder = new TextEncoder();

  constructor(
    private readonly controller: ReadableStreamDefaultController<Uint8Array>,
    private readonly onClose: () => void,
  ) {}

  send(frame: string, seq?: string) {
    const { type, after } = JSON.parse(frame) as { type: string; after?: string };
    const id = seq ?? after;
    this.write(`${id ? `id: ${id}\n` : ""}event: ${type}\ndata: ${frame}\n\n`);
    // The browser comes back by itself, with the last id it has: that is the catching up.
    if (type === "resync") this.close();
  }

  write(text: string) {
    this.controller.enqueue(this.#encoder.encode(text));
  }

  buffered() {
    const free = this.controller.desiredSize ?? 0;
    return LIMITS.socket_buffered_bytes * 2 - free;
  }

  close() {
    this.onClose();
  }
}

function list(params: URLSearchParams, name: string): string[] | undefined {
  const values = params.getAll(name).flatMap((value) => value.split(",")).filter(Boolean);
  return values.length > 0 ? values : undefined;
}

function subscriptionOf(request: Request, access: LiveAccess) {
  const params = new URL(request.url).searchParams;
  const filter: Partial<Record<keyof LiveFilter, string[]>> = {};
  for (const name of ["kind", "severity", "page", "selector", "user_id", "anonymous_id"] as const) {
    const values = list(params, name);
    if (values) filter[name] = values;
  }
  const parsed = liveInboundSchema.safeParse({
    type: "subscribe",
    topics: list(params, "topics") ?? access.topics,
    filter: Object.keys(filter).length > 0 ? filter : undefined,
    after: request.headers.get("last-event-id") ?? params.get("after") ?? undefined,
  });
  if (!parsed.success || parsed.data.type !== "subscribe") {
    const issue = parsed.error?.issues[0];
    throw new ApiError("body_invalid", `${issue?.path.join(".")}: ${issue?.message}`);
  }
  checkTopics(access, parsed.data.topics);
  return parsed.data;
}

/** The live stream as Server-Sent Events; `Last-Event-ID` resumes. */
export function openLiveSse(
  request: Request,
  access: LiveAccess,
  deps: LiveSocketDeps,
): Response {
  const subscription = subscriptionOf(request, access);
  let end = () => {};
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const outlet = new SseOutlet(controller, () => end());
      const session = new LiveSession(deps, access, outlet);
      const stopKeepalive = repeat(deps.clock, KEEPALIVE_MS, () => outlet.write(": alive\n\n"));
      const { expires_at } = access;
      const cancelExpiry = expires_at === undefined
        ? () => {}
        : deps.clock.setTimeout(() => end(), expires_at - deps.clock.now());
      end = () => {
        end = () => {};
        void stopKeepalive();
        cancelExpiry();
        session.close();
        if (!isCancelled) controller.close();
      };
      outlet.write(`retry: ${RETRY_MS}\n\n`);
      session.subscribe(subscription).catch((error) => {
        deps.onProblem("Live subscription failed", error);
        end();
      });
    },
    cancel() {
      isCancelled = true;
      end();
    },
  }, new ByteLengthQueuingStrategy({ highWaterMark: LIMITS.socket_buffered_bytes * 2 }));
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "access-control-allow-origin": "*",
    },
  });
}
