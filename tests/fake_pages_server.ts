import { join } from "node:path";
import type { PageParts } from "../routes/parts.ts";
import type { LiveInbound, LiveOutbound } from "../schema/live.ts";
import type { Signal } from "../schema/signal.ts";
import { FAKE_DETECTORS, fakeMetrics, fakeSignal } from "./fake_signals.ts";

const ROOT = join(import.meta.dirname ?? ".", "..");
const COOKIE = "snag_session";
/** What the fake accepts. */
export const FAKE_KEY = "sk_read_fake";
export const FAKE_LINK_TOKEN = "link-once";
const TYPES: Record<string, string> = { js: "text/javascript", css: "text/css" };

/** How much happens. */
export type FakeMode = "empty" | "normal" | "flooded";

interface Subscriber {
  socket: WebSocket;
  visitor?: string;
  subscribed: boolean;
  /** The `after` of every subscription. */
  afters: (string | undefined)[];
}

/** A server of the built pages with made-up data behind them. */
export interface FakePagesServer {
  url: string;
  /** Sends one more signal to everybody whom it concerns. */
  emit(fields?: Partial<Signal>): void;
  send(message: LiveOutbound): void;
  /** Closes every live socket with this code. */
  cut(code: number): void;
  subscribers(): Subscriber[];
  tokensRenewed(): number;
  shutdown(): Promise<void>;
}

interface FakeOptions {
  mode?: FakeMode;
  /** Emits by itself, for looking at; tests emit one by one. */
  lively?: boolean;
  demo?: boolean;
  /** Nothing can be read. */
  broken?: boolean;
}

class FakeServer {
  readonly live = new Set<Subscriber>();
  count = 200;
  tokens = 0;
  linkUsed = false;
  readonly parts: PageParts;

  constructor(readonly mode: FakeMode, demo: boolean, broken: boolean) {
    const scale = { empty: 0, normal: 42, flooded: 3800 }[mode];
    this.parts = {
      viewer: (request) =>
        Promise.resolve(
          (request.headers.get("cookie") ?? "").includes(`${COOKIE}=1`)
            ? { project_id: "demo" }
            : null,
        ),
      login: (secret) => Promise.resolve(this.login(secret)),
      logoutCookie: () => `${COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`,
      snapshot: () => {
        if (broken) return Promise.reject(new Error("The store is gone, as this test wants it"));
        const now = Date.now();
        const signals = mode === "empty" ? [] : Array.from(
          { length: mode === "flooded" ? 100 : 24 },
          (_, n) => fakeSignal(n, now - (n + 1) ** 2 * (mode === "flooded" ? 4 : 2600) - 3000),
        );
        return Promise.resolve({
          signals,
          metrics: mode === "empty" ? [] : fakeMetrics(now, scale),
          after: "seq-start",
        });
      },
      issueLiveToken: (_project, grant) => {
        const visitor = grant.filter?.anonymous_id?.[0] ?? "";
        return Promise.resolve({
          token: `live:${visitor}`,
          expires_at: new Date(Date.now() + grant.ttl_s * 1000).toISOString(),
        });
      },
      demo: demo ? { project_id: "demo", write_key: "wk_demo_fake" } : null,
      detectors: FAKE_DETECTORS,
    };
  }

  login(secret: { token: string } | { key: string }): string | null {
    const right = "key" in secret
      ? secret.key === FAKE_KEY
      : secret.token === FAKE_LINK_TOKEN && !this.linkUsed;
    if ("token" in secret) this.linkUsed = true;
    return right ? `${COOKIE}=1; Path=/; HttpOnly; SameSite=Strict` : null;
  }

  acceptLive(request: Request): Response {
    const { socket, response } = Deno.upgradeWebSocket(request);
    const visitor = new URL(request.url).searchParams.get("token")?.split(":")[1] || undefined;
    const subscriber: Subscriber = { socket, visitor, subscribed: false, afters: [] };
    this.live.add(subscriber);
    socket.onclose = () => this.live.delete(subscriber);
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data) as LiveInbound;
      if (message.type === "ping") return this.sendTo(subscriber, { type: "pong" });
      subscriber.subscribed = true;
      subscriber.afters.push(message.after);
      this.sendTo(subscriber, { type: "subscribed", topics: message.topics, after: "seq-start" });
    };
    return response;
  }

  sendTo({ socket }: Subscriber, message: LiveOutbound): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  send(message: LiveOutbound): void {
    for (const subscriber of this.live) {
      if (!subscriber.subscribed) continue;
      const { visitor } = subscriber;
      const foreign = visitor && "seq" in message && message.data.anonymous_id !== visitor;
      if (!foreign) this.sendTo(subscriber, message);
    }
  }

  emit(fields: Partial<Signal> = {}): void {
    this.send(fakeSignal(this.count++, Date.now(), fields));
  }

  async handle(request: Request, pages: Pages): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/v1/live") return this.acceptLive(request);
    if (pathname === "/v1/live/tokens") {
      this.tokens++;
      if (!await this.parts.viewer(request)) return new Response(null, { status: 401 });
      return Response.json(
        await this.parts.issueLiveToken("demo", { topics: ["signals"], ttl_s: 3600 }),
      );
    }
    if (pathname === "/sdk.js") {
      return new Response("", { headers: { "content-type": "text/javascript" } });
    }
    if (pathname.startsWith("/static/")) {
      const body = await Deno.readFile(join(ROOT, "dist", pathname));
      const type = TYPES[pathname.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      return new Response(body, { headers: { "content-type": type } });
    }
    return await pages.fetch(request, { parts: this.parts });
  }
}

interface Pages {
  fetch(request: Request, env: { parts: PageParts }): Response | Promise<Response>;
}

/** Serves the built pages on a free port of 127.0.0.1. */
export async function startFakePagesServer(options: FakeOptions = {}): Promise<FakePagesServer> {
  const { mode = "normal", lively = false, demo = true, broken = false } = options;
  const { default: pages } = await import(`file://${join(ROOT, "dist", "pages.js")}`) as {
    default: Pages;
  };
  const fake = new FakeServer(mode, demo, broken);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => fake.handle(request, pages),
  );
  const timers = lively ? enliven(fake) : [];
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    emit: (fields) => fake.emit(fields),
    send: (message) => fake.send(message),
    cut: (code) => fake.live.forEach(({ socket }) => socket.close(code)),
    subscribers: () => [...fake.live],
    tokensRenewed: () => fake.tokens,
    shutdown: async () => {
      timers.forEach(clearInterval);
      fake.live.forEach(({ socket }) => socket.close());
      await server.shutdown();
    },
  };
}

function enliven(fake: FakeServer): ReturnType<typeof setInterval>[] {
  const scale = { empty: 0, normal: 42, flooded: 3800 }[fake.mode];
  const points = () => fakeMetrics(Date.now() + 1000, scale, 300).at(-1);
  const metrics = setInterval(() => {
    const point = points();
    if (point) fake.send({ type: "metrics", at: point.at, data: point });
  }, 1000);
  if (fake.mode === "empty") return [metrics];
  // A flood is 5,000 signals a minute, as they come: several at once.
  const everyMs = fake.mode === "flooded" ? 48 : 2500;
  const perTick = fake.mode === "flooded" ? 4 : 1;
  const signals = setInterval(() => {
    for (let n = 0; n < perTick; n++) fake.emit();
  }, everyMs);
  return [metrics, signals];
}

if (import.meta.main) {
  const mode = (Deno.args[0] ?? "normal") as FakeMode;
  const server = await startFakePagesServer({ mode, lively: true });
  console.log(`${server.url}/login?token=${FAKE_LINK_TOKEN}`);
}
