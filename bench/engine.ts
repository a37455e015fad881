import { DEFAULT_SETTINGS } from "../engine/settings.ts";
import { step } from "../engine/step.ts";
import type { ActorState } from "../engine/types.ts";

const ACTORS = 5000;
const START = Date.UTC(2026, 0, 1);

/** Events per second that `step` folds on one core: page views, clicks and errors in turn. */
export function measureEngine(seconds: number): number {
  const states: (ActorState | null)[] = Array.from({ length: ACTORS }, () => null);
  const end = performance.now() + seconds * 1000;
  const begin = performance.now();
  let count = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 1000; i++, count++) {
      const actor = count % ACTORS;
      const at = START + Math.floor(count / ACTORS) * 1500;
      const event = {
        id: `event-${count}`,
        event: ["page_view", "click", "click", "click", "error"][count % 5] ?? "click",
        anonymous_id: `visitor-${actor}`,
        timestamp_ms: at,
        properties: { url: "https://shop.test/", x: count % 900, y: 40, selector: "#pay" },
      };
      const input = { type: "event", event, received_at: at } as const;
      states[actor] = step(states[actor] ?? null, input, at, DEFAULT_SETTINGS).state;
    }
  }
  return count / ((performance.now() - begin) / 1000);
}
