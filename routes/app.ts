import { Hono } from "hono";
import { ApiError } from "../schema/error.ts";
import type { PageParts } from "./parts.ts";
import { errorResponse, json } from "./respond.ts";
import type { StaticFiles } from "./static_files.ts";
import { deadLetterRoutes } from "./v1/dead_letters.ts";
import { handleEvents, type IngestDeps } from "./v1/events.ts";
import { liveAccess, type LiveTokenDeps, liveTokenRoutes } from "./v1/live.ts";
import { type LiveSocketDeps, openLiveSocket } from "./v1/live_socket.ts";
import { openLiveSse } from "./v1/live_sse.ts";

/** The built pages (`dist/pages.js`). */
export interface PagesApp {
  fetch(request: Request, env: { parts: PageParts }): Response | Promise<Response>;
}

export interface AppDeps extends IngestDeps, LiveTokenDeps, LiveSocketDeps {
  parts: PageParts;
  pages: PagesApp | null;
  files: StaticFiles;
  /** Whether events can be committed now. */
  isReady: () => Promise<boolean>;
}

/** Every route of the server: the ingest hot path, the API, static files, then the pages. */
export function createApp(deps: AppDeps): (request: Request) => Response | Promise<Response> {
  const onFault = (error: unknown) => deps.onProblem("Request failed", error);
  const api = new Hono();
  api.get("/healthz", () => json(200, { status: "alive" }));
  api.get("/readyz", async () => {
    const isReady = await deps.isReady();
    return json(isReady ? 200 : 503, { status: isReady ? "ready" : "cannot store events" });
  });
  api.get("/v1/live", async (c) => {
    return openLiveSocket(c.req.raw, await liveAccess(c.req.raw, deps), deps);
  });
  api.get("/v1/live/sse", async (c) => {
    return openLiveSse(c.req.raw, await liveAccess(c.req.raw, deps), deps);
  });
  api.route("/", liveTokenRoutes(deps));
  api.route("/", deadLetterRoutes(deps));
  api.all("/v1/*", (c) => {
    throw new ApiError("not_found", `There is no ${c.req.method} ${c.req.path}`);
  });
  api.get("*", async (c, next) => await deps.files.serve(c.req.raw) ?? await next());
  api.all("*", (c) => {
    return deps.pages?.fetch(c.req.raw, { parts: deps.parts }) ??
      json(503, { error: "Pages are not built; run: deno task build" });
  });
  api.onError((error) => errorResponse(error, onFault));

  return (request) => {
    const { pathname } = new URL(request.url);
    return pathname === "/v1/events" ? handleEvents(request, deps) : api.fetch(request);
  };
}
