import { Hono } from "hono";
import type { Projects } from "../../actors/control/projects.ts";
import type { Tokens } from "../../actors/control/tokens.ts";
import type { Clock } from "../../actors/clock.ts";
import type { LiveGrant } from "../../actors/live/live_session.ts";
import { ApiError } from "../../schema/error.ts";
import { liveTokenRequestSchema, type Topic, TOPICS } from "../../schema/live.ts";
import { authorize, keyOf } from "../access.ts";
import { json } from "../respond.ts";

/** Who may read the live stream, and until when. */
export interface LiveAccess extends LiveGrant {
  /** Milliseconds since the epoch; absent for a key. */
  expires_at?: number;
}

export interface LiveAccessDeps {
  projects: Projects;
  tokens: Tokens;
  clock: Clock;
}

/**
 * The right to the live stream: a read or admin key (all topics), or a live token (its own).
 *
 * @throws {ApiError} `key_missing`, `token_invalid`, `key_forbidden`
 */
export async function liveAccess(request: Request, deps: LiveAccessDeps): Promise<LiveAccess> {
  const secret = new URL(request.url).searchParams.get("token") ?? keyOf(request);
  if (!secret) throw new ApiError("key_missing", "Add ?token= with a read key or a live token");
  const claims = await deps.tokens.readLive(secret);
  if (claims) return claims;
  const holder = await deps.projects.holderOf(secret);
  if (!holder) throw new ApiError("token_invalid", "This token is not valid, or has expired");
  if (holder.role === "write") {
    throw new ApiError("key_forbidden", "This is a write key; the live stream needs a read key");
  }
  return { project_id: holder.project_id, topics: TOPICS };
}

/** @throws {ApiError} `topic_forbidden` for a topic that the token does not have */
export function checkTopics(access: LiveAccess, topics: readonly Topic[]) {
  const denied = topics.filter((topic) => !access.topics.includes(topic));
  if (denied.length > 0) {
    throw new ApiError("topic_forbidden", `This token does not have: ${denied.join(", ")}`);
  }
}

export interface LiveTokenDeps extends LiveAccessDeps {
  /** The project that the login cookie opens. */
  viewer: (request: Request) => Promise<{ project_id: string } | null>;
}

/** Whether a request that a cookie vouches for comes from our own pages. */
function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin !== null && URL.parse(origin)?.host === request.headers.get("host");
}

async function tokenProject(request: Request, deps: LiveTokenDeps): Promise<string> {
  if (keyOf(request)) {
    return (await authorize(request, deps.projects, ["read", "admin"])).project_id;
  }
  const viewer = await deps.viewer(request);
  if (!viewer) throw new ApiError("key_missing", "Send a read key as Authorization: Bearer KEY");
  if (!isSameOrigin(request)) {
    throw new ApiError("origin_forbidden", "A login counts only on its own pages");
  }
  return viewer.project_id;
}

/** `POST /v1/live/tokens`: a short-lived token for a browser or another tool. */
export function liveTokenRoutes(deps: LiveTokenDeps): Hono {
  const app = new Hono();
  app.post("/v1/live/tokens", async (c) => {
    const project_id = await tokenProject(c.req.raw, deps);
    const text = await c.req.text();
    let body: unknown;
    try {
      body = text === "" ? {} : JSON.parse(text);
    } catch {
      throw new ApiError("body_not_json", "The body is not JSON");
    }
    const asked = liveTokenRequestSchema.safeParse(body);
    if (!asked.success) {
      const issue = asked.error.issues[0];
      throw new ApiError("body_invalid", `${issue?.path.join(".")}: ${issue?.message}`);
    }
    const { topics, filter, ttl_s } = asked.data;
    return json(200, await deps.tokens.issueLive({ project_id, topics, filter }, ttl_s));
  });
  return app;
}
