import { DETECTORS } from "./detectors/registry.ts";
import { iso } from "./session_view.ts";
import { stableId } from "./hash.ts";
import type { ActorSettings, ActorState, Detection, SessionEvent } from "./types.ts";
import type { Signal } from "../schema/signal.ts";

function optionsOf(
  kind: string,
  defaults: object,
  settings: ActorSettings,
): object | undefined {
  const chosen = settings.detectors[kind];
  if (chosen === false) return undefined;
  return chosen ? { ...defaults, ...chosen } : defaults;
}

function toSignal(
  kind: string,
  found: Detection,
  event: SessionEvent,
  where:
    & { actor: string; session_id: string; position: number }
    & Pick<
      ActorState,
      "user_id" | "anonymous_id"
    >,
): Signal {
  return {
    id: stableId("sig", where.actor, kind, event.id, String(where.position)),
    kind,
    user_id: where.user_id,
    anonymous_id: where.anonymous_id,
    session_id: where.session_id,
    url: found.url,
    selector: found.selector,
    severity: found.severity,
    at: iso(event.at),
    explanation: found.explanation,
    event_id: event.id,
    evidence: found.evidence,
  };
}

/**
 * Shows one event of the current session to every detector that is on (SPEC DET-1 to DET-4).
 *
 * @param states by detector kind
 */
export function detect(
  states: Record<string, unknown>,
  event: SessionEvent,
  where: { actor: string; session_id: string } & Pick<ActorState, "user_id" | "anonymous_id">,
  settings: ActorSettings,
): { states: Record<string, unknown>; signals: Signal[] } {
  let next = states;
  const signals: Signal[] = [];
  for (const detector of DETECTORS) {
    const options = optionsOf(detector.kind, detector.defaults, settings);
    if (!options) continue;
    const before = states[detector.kind];
    const { state, detections } = detector.detect(before, event, options);
    if (state !== before) next = { ...next, [detector.kind]: state };
    detections.forEach((found, position) =>
      signals.push(toSignal(detector.kind, found, event, { ...where, position }))
    );
  }
  return { states: next, signals };
}
