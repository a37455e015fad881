import { sign, verify } from "hono/jwt";
import { z } from "zod";
import { type LiveFilter, liveFilterSchema, type Topic, topicSchema } from "../../schema/live.ts";
import type { Clock } from "../clock.ts";

const liveClaims = z.object({
  aud: z.literal("live"),
  project_id: z.string(),
  topics: z.array(topicSchema),
  filter: liveFilterSchema.optional(),
  exp: z.number(),
});

const loginClaims = z.object({ aud: z.literal("login"), project_id: z.string(), exp: z.number() });

export interface LiveClaims {
  project_id: string;
  topics: Topic[];
  filter?: LiveFilter;
  /** Milliseconds since the epoch. */
  expires_at: number;
}

/** Signed tokens: short-lived ones for the live stream, and dashboard logins (JWT, HS256). */
export class Tokens {
  constructor(private readonly secret: string, private readonly clock: Clock) {}

  issueLive(claims: Omit<LiveClaims, "expires_at">, ttlS: number) {
    return this.#issue({ aud: "live", ...claims }, ttlS);
  }

  issueLogin(projectId: string, ttlS: number) {
    return this.#issue({ aud: "login", project_id: projectId }, ttlS);
  }

  /** `null` for a token that is not ours, not for the live stream, or expired. */
  async readLive(token: string): Promise<LiveClaims | null> {
    const claims = liveClaims.safeParse(await this.#claims(token));
    if (!claims.success) return null;
    const { project_id, topics, filter, exp } = claims.data;
    return { project_id, topics, filter, expires_at: exp * 1000 };
  }

  async readLogin(token: string): Promise<{ project_id: string } | null> {
    const claims = loginClaims.safeParse(await this.#claims(token));
    return claims.success ? { project_id: claims.data.project_id } : null;
  }

  async #issue(claims: Record<string, unknown>, ttlS: number) {
    const exp = Math.floor(this.clock.now() / 1000) + ttlS;
    const token = await sign({ ...claims, exp }, this.secret, "HS256");
    return { token, expires_at: new Date(exp * 1000).toISOString() };
  }

  async #claims(token: string): Promise<Record<string, unknown> | null> {
    let claims: Record<string, unknown>;
    try {
      // The expiry is checked here, by our clock.
      claims = await verify(token, this.secret, { alg: "HS256", exp: false });
    } catch {
      // Not a token of ours: an expected answer, not a failure.
      return null;
    }
    return typeof claims.exp === "number" && claims.exp * 1000 > this.clock.now() ? claims : null;
  }
}
