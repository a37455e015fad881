import { LIMITS } from "../schema/limits.ts";
import type { ActorState } from "./types.ts";

const encoder = new TextEncoder();

function bytesOf(json: string): number {
  // UTF-16 units take at most three bytes, so most states need no encoding to be known to fit.
  return json.length * 3 <= LIMITS.state_bytes ? json.length : encoder.encode(json).length;
}

function without(detectors: Record<string, unknown>, kind: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(detectors).filter(([other]) => other !== kind));
}

/**
 * A state as JSON within `LIMITS.state_bytes`. One that is larger loses, in this order and only as
 * far as needed, detector states (largest first), then its oldest sessions (SPEC STEP-5).
 */
export function fitState(state: ActorState): { state: ActorState; json: string; cut: boolean } {
  let fitted = state;
  let json = JSON.stringify(fitted);
  while (bytesOf(json) > LIMITS.state_bytes) {
    const sizes = Object.entries(fitted.detectors)
      .map(([kind, value]) => ({ kind, size: JSON.stringify(value)?.length ?? 0 }))
      .sort((a, b) => b.size - a.size);
    const largest = sizes[0];
    if (largest) fitted = { ...fitted, detectors: without(fitted.detectors, largest.kind) };
    else if (fitted.sessions.length > 1) {
      fitted = { ...fitted, sessions: fitted.sessions.slice(1) };
    } else throw new RangeError(`Actor state of ${json.length} characters cannot be cut further`);
    json = JSON.stringify(fitted);
  }
  return { state: fitted, json, cut: fitted !== state };
}
