import type { ActorRuntime } from "../../actors/runtime/actor_runtime.ts";
import type { Clock } from "../../actors/clock.ts";
import type { Projects } from "../../actors/control/projects.ts";
import type { Metrics } from "../../actors/metrics.ts";
import { actorKey } from "../../engine/actor_key.ts";
import { ApiError } from "../../schema/error.ts";
import type { IngestResponse, Rejection } from "../../schema/ingest.ts";
import { authorize } from "../access.ts";
import type { MaskHash } from "../ingest/mask.ts";
import { parseBatch } from "../ingest/parse_batch.ts";
import { readBody } from "../ingest/read_body.ts";
import type { RequestContextReader } from "../ingest/request_context.ts";
import { errorResponse, json } from "../respond.ts";

export interface IngestDeps {
  runtime: ActorRuntime;
  projects: Projects;
  metrics: Metrics;
  clock: Clock;
  hash: MaskHash;
  contexts: RequestContextReader;
  onProblem: (what: string, error: unknown) => void;
}

/** Any page may send events: the write key is public, and allows nothing else. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
};
const PREFLIGHT = {
  ...CORS,
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers": "authorization, content-type, content-encoding",
  "access-control-max-age": "86400",
};

/**
 * `POST /v1/events`, and its preflight. Stands before the router: it is the hot path. The content
 * type does not matter, so that `sendBeacon` with `text/plain` needs no preflight.
 */
export async function handleEvents(request: Request, deps: IngestDeps): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT });
  try {
    if (request.method !== "POST") {
      throw new ApiError("method_not_allowed", "Send events with POST");
    }
    const body = await ingest(request, deps);
    return json(202, body, CORS);
  } catch (error) {
    await request.body?.cancel().catch(() => {
      // Already read or locked: there is nothing left to stop.
    });
    return errorResponse(error, (e) => deps.onProblem("Ingest failed", e), CORS);
  }
}

async function ingest(request: Request, deps: IngestDeps): Promise<IngestResponse> {
  const { project_id } = await authorize(request, deps.projects, ["write"]);
  const text = await readBody(request);
  const project = await deps.projects.get(project_id);
  const parsed = parseBatch(text, {
    hash: deps.hash,
    allow_text: project?.allow_text ?? false,
    context: deps.contexts.read(request.headers),
  });
  const received_at = deps.clock.now();
  const { accepted, duplicates, failed } = await deps.runtime.ingest({
    project_id,
    events: parsed.events,
    received_at,
    sent_at: parsed.sent_at,
    rejected: parsed.rejected,
  });
  const rejected = withFailed(parsed.rejected, failed, parsed.events);
  const actors = new Set(parsed.events.map(({ event }) => actorKey(event)));
  deps.metrics.accepted(project_id, accepted, actors, received_at);
  deps.metrics.rejected(project_id, rejected.length);
  return { accepted, duplicates, rejected, triggers: [] };
}

function withFailed(
  rejected: Rejection[],
  failed: readonly { index: number; reason: string }[],
  events: { event: { id: string }; index: number }[],
): Rejection[] {
  const all = rejected.map(({ index, id, reason }) => ({ index, id, reason }));
  for (const { index, reason } of failed) {
    const id = events.find((entry) => entry.index === index)?.event.id ?? null;
    all.push({ index, id, reason });
  }
  return all.sort((a, b) => a.index - b.index);
}
