import type { ActorSettings } from "./types.ts";

/**
 * What a project has until it sets something else: 30 min idle, 24 h at most, 15 min of grace for
 * late events (GA4, Amplitude and PostHog use the same idle time; PostHog the same maximum).
 */
export const DEFAULT_SETTINGS: ActorSettings = {
  idle_ms: 30 * 60_000,
  max_session_ms: 24 * 60 * 60_000,
  grace_ms: 15 * 60_000,
  detectors: {},
  clamp: true,
};
