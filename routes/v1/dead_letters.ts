import { Hono } from "hono";
import { decodeDeadLetter } from "../../actors/dead_letter.ts";
import type { Projects } from "../../actors/control/projects.ts";
import type { ActorStore } from "../../actors/stores/port.ts";
import { ApiError } from "../../schema/error.ts";
import { authorize } from "../access.ts";
import { json } from "../respond.ts";

const PAGE_DEFAULT = 50;
const PAGE_MAX = 500;

/** `GET /v1/dead_letters`: rejected events with their reason, oldest first, paged by cursor. */
export function deadLetterRoutes(deps: { projects: Projects; store: ActorStore }): Hono {
  const app = new Hono();
  app.get("/v1/dead_letters", async (c) => {
    const holder = await authorize(c.req.raw, deps.projects, ["read", "admin"]);
    const limit = Number(c.req.query("limit") ?? PAGE_DEFAULT);
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
      throw new ApiError("body_invalid", `limit must be a whole number from 1 to ${PAGE_MAX}`);
    }
    const after = c.req.query("after");
    if (after !== undefined && !deps.store.isSeq(after)) {
      throw new ApiError("body_invalid", "after must be the next of an earlier answer");
    }
    const entries = await deps.store.readLog("dead_letters", holder.project_id, { after, limit });
    const last = entries.at(-1)?.seq;
    const next = entries.length === limit && last ? last : null;
    return json(200, { dead_letters: entries.map(decodeDeadLetter), next });
  });
  return app;
}
