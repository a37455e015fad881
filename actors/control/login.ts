import { ApiError } from "../../schema/error.ts";
import { LIMITS } from "../../schema/limits.ts";
import type { Clock } from "../clock.ts";
import type { Projects } from "./projects.ts";
import { randomToken, sha256 } from "./secret.ts";
import type { Tokens } from "./tokens.ts";

const COOKIE = "snag_login";
const MINUTE_MS = 60_000;

/** Logins to the dashboard: a link that works once, or a project's read or admin key. */
export class Login {
  /** Hash of the link's token to what it opens. Of this process: a restart prints a new one. */
  readonly #links = new Map<string, { project_id: string; expires_at: number }>();
  #attempts: number[] = [];

  constructor(
    private readonly projects: Projects,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {}

  /** A token for one login within ten minutes. */
  makeLink(projectId: string): string {
    const token = randomToken();
    const expires_at = this.clock.now() + LIMITS.login_link_ttl_ms;
    this.#links.set(sha256(token), { project_id: projectId, expires_at });
    return token;
  }

  /**
   * @returns a `Set-Cookie` value; `null` when the secret is wrong or used up
   * @throws {ApiError} `rate_limited`
   */
  async enter(secret: { token: string } | { key: string }): Promise<string | null> {
    this.#countAttempt();
    const projectId = "token" in secret
      ? this.#redeem(secret.token)
      : await this.#projectOfKey(secret.key);
    if (projectId === null) return null;
    const { token } = await this.tokens.issueLogin(projectId, LIMITS.login_ttl_s);
    return cookie(token, LIMITS.login_ttl_s);
  }

  logoutCookie(): string {
    return cookie("", 0);
  }

  /** Who the request's cookie says it is. */
  async viewer(request: Request): Promise<{ project_id: string } | null> {
    const cookies = request.headers.get("cookie") ?? "";
    const found = cookies.split(/;\s*/).find((part) => part.startsWith(`${COOKIE}=`));
    return found ? await this.tokens.readLogin(found.slice(COOKIE.length + 1)) : null;
  }

  #redeem(token: string): string | null {
    const hash = sha256(token);
    const link = this.#links.get(hash);
    this.#links.delete(hash);
    return link && link.expires_at > this.clock.now() ? link.project_id : null;
  }

  async #projectOfKey(key: string): Promise<string | null> {
    const holder = await this.projects.holderOf(key);
    return holder && holder.role !== "write" ? holder.project_id : null;
  }

  #countAttempt() {
    const now = this.clock.now();
    this.#attempts = this.#attempts.filter((at) => now - at < MINUTE_MS);
    if (this.#attempts.length >= LIMITS.login_attempts_per_min) {
      throw new ApiError("rate_limited", "Too many login attempts; try again in a minute", 60);
    }
    this.#attempts.push(now);
  }
}

function cookie(value: string, maxAgeS: number): string {
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}`;
}
