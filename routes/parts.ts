import type { LiveFilter, MetricsPoint, StoredMessage, Topic } from "../schema/live.ts";

/** A person who is logged in to the dashboard, and the project they look at. */
export interface Viewer {
  project_id: string;
}

/** What the live page shows before the first live message reaches it. */
export interface LiveSnapshot {
  /** The newest signals, newest first. */
  signals: Extract<StoredMessage, { type: "signal" }>[];
  /** One point a second, oldest first, at most the last 300. */
  metrics: MetricsPoint[];
  /** Subscribe with this `after` and nothing between page and stream is missed. */
  after: string;
}

export interface LiveTokenGrant {
  topics: Topic[];
  filter?: LiveFilter;
  ttl_s: number;
}

/** What pages call; it reaches them as `c.env.parts` (the built bundle has its own copies). */
export interface PageParts {
  /** Who the request's cookie says it is; `null` when nobody is logged in. */
  viewer(request: Request): Promise<Viewer | null>;
  /**
   * Checks a one-time link token or a project's read or admin key.
   *
   * @returns the value for a `Set-Cookie` header; `null` when it is wrong or used up
   * @throws {ApiError} `rate_limited` after too many attempts
   */
  login(secret: { token: string } | { key: string }): Promise<string | null>;
  /** The value for a `Set-Cookie` header that ends the login. */
  logoutCookie(): string;
  snapshot(project_id: string): Promise<LiveSnapshot>;
  issueLiveToken(
    project_id: string,
    grant: LiveTokenGrant,
  ): Promise<{ token: string; expires_at: string }>;
  /** The demo project, where there is one. */
  demo: { project_id: string; write_key: string } | null;
  /** Titles and thresholds of all detectors, for labels. */
  detectors: { kind: string; title: string }[];
}

/** `c.env` of every page and API route. */
export interface RouteEnv {
  Bindings: { parts: PageParts };
}
