import { type Clock, repeat } from "../clock.ts";
import type { ActorStore, DueAlarm } from "../stores/port.ts";

const SWEEP_EVERY_MS = 1000;
const ALARMS_PER_SWEEP = 500;

/**
 * Wakes actors whose stored alarm is due. An alarm stays stored until the turn it caused is
 * committed, so one that is found twice is harmless.
 *
 * @returns stops the sweeper
 */
export function startAlarmSweeper(deps: {
  store: ActorStore;
  clock: Clock;
  wake: (due: DueAlarm) => void;
  onProblem: (what: string, error: unknown) => void;
}): () => Promise<void> {
  return repeat(deps.clock, SWEEP_EVERY_MS, async () => {
    try {
      const due = await deps.store.dueAlarms(deps.clock.now(), ALARMS_PER_SWEEP);
      for (const alarm of due) deps.wake(alarm);
    } catch (error) {
      deps.onProblem("Alarms could not be read", error);
    }
  });
}
