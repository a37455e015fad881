import { type Browser, chromium } from "playwright-core";
import { build } from "vite";

const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WAIT_MS = 15_000;

/** Why there is no browser to test with; `undefined` when there is one. */
export function missingBrowser(): string | undefined {
  try {
    Deno.statSync(CHROMIUM);
    return undefined;
  } catch {
    return `no Chromium at ${CHROMIUM}; set CHROMIUM to its path`;
  }
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** Bundles an entry of the SDK as it is served: minified, for current browsers. */
export async function bundle(entry: "script.ts" | "index.ts"): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: {
        entry: new URL(entry, import.meta.url).pathname,
        formats: ["iife"],
        name: "snagSdk",
        fileName: "snag",
      },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  if (!first || !("output" in first)) throw new Error(`No bundle of ${entry}`);
  return first.output[0].code;
}

/** An event as it arrived. */
export interface Arrived {
  id: string;
  event: string;
  user_id?: string;
  anonymous_id: string;
  session_id: string;
  timestamp: string;
  properties: Record<string, unknown>;
}

export interface ArrivedRequest {
  method: string;
  url: URL;
  authorization: string | null;
  contentType: string | null;
}

/** A server that serves pages and records the events that arrive. */
export interface Recorder {
  origin: string;
  /** HTML by path. */
  pages: Map<string, string>;
  /** Answers requests other than pages, script and events; 404 by default. */
  other: (request: Request) => Response;
  /** Status for `POST /v1/events`; what is not 202 is not recorded as arrived. */
  status: number;
  /** Each event once, in order of arrival. */
  events: Arrived[];
  requests: ArrivedRequest[];
  /** Resolves with the first `count` events of that name once they are there. */
  arrived(event: string, count?: number): Promise<Arrived[]>;
  /** Resolves when the condition holds; it is tried at each request. */
  until(condition: () => boolean, what: string): Promise<void>;
  stop(): Promise<void>;
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
};

/** Starts a recorder on a free port of this machine. */
export function startRecorder(script: string): Recorder {
  const waiting = new Set<() => void>();
  const seen = new Set<string>();
  const abort = new AbortController();

  async function ingest(request: Request, url: URL): Promise<Response> {
    const { method, headers } = request;
    recorder.requests.push({
      method,
      url,
      authorization: headers.get("authorization"),
      contentType: headers.get("content-type"),
    });
    const body = await request.text().catch(() => "");
    if (recorder.status === 202 && method === "POST" && body) {
      for (const event of JSON.parse(body).batch as Arrived[]) {
        if (!seen.has(event.id)) recorder.events.push(event);
        seen.add(event.id);
      }
    }
    for (const check of waiting) check();
    const answer = { accepted: 0, duplicates: 0, rejected: [], triggers: [] };
    return Response.json(answer, { status: recorder.status, headers: CORS });
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: abort.signal, onListen: () => {} },
    (request) => {
      const url = new URL(request.url);
      if (url.pathname === "/v1/events") return ingest(request, url);
      if (url.pathname === "/snag.js") {
        return new Response(script, { headers: { "content-type": "text/javascript" } });
      }
      const page = recorder.pages.get(url.pathname);
      return page === undefined
        ? recorder.other(request)
        : new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
    },
  );

  const recorder: Recorder = {
    origin: `http://127.0.0.1:${server.addr.port}`,
    pages: new Map(),
    other: () => new Response("Not found", { status: 404 }),
    status: 202,
    events: [],
    requests: [],
    async arrived(event, count = 1) {
      const found = () => recorder.events.filter((e) => e.event === event);
      await recorder.until(() => found().length >= count, `${count} ${event}`);
      return found().slice(0, count);
    },
    until(condition, what) {
      return new Promise((resolve, reject) => {
        const names = () => recorder.events.map((e) => e.event).join(", ");
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`Waited in vain for ${what}; arrived: ${names()}`));
        }, WAIT_MS);
        const check = () => {
          if (!condition()) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    async stop() {
      abort.abort();
      await server.finished;
    },
  };
  return recorder;
}
