import { actorKey } from "../engine/actor_key.ts";
import type { ActorSettings, ActorState, StepInput, StepResult } from "../engine/types.ts";
import type { IngestedEvent } from "../schema/event.ts";

/** The engine's `step`. */
export type Step = (
  state: ActorState | null,
  input: StepInput,
  now: number,
  settings: ActorSettings,
) => StepResult;

/** What a replay found. */
export interface ReplayCounts {
  events: number;
  /** Distinct people: a visitor seen with a user_id counts as that user. */
  users: number;
  sessions: number;
  /** By kind, most frequent first. */
  signals: Record<string, number>;
}

interface Actor {
  state: ActorState | null;
  alarmAt?: number;
  isKnownUser: boolean;
}

/** An actor that wakes itself more often than this without an event never comes to rest. */
const MAX_ALARMS = 1000;

/** The actors of one replay: one small state each, and what came of them. */
export class ReplayActors {
  readonly #actors = new Map<string, Actor>();
  readonly #userIds = new Set<string>();
  readonly #signals = new Map<string, number>();
  #events = 0;
  #sessions = 0;

  constructor(private readonly step: Step, private readonly settings: ActorSettings) {}

  /** Takes the actor's alarms that were due by then, as they would have come live, and the event. */
  apply(event: IngestedEvent, receivedAt: number): void {
    const key = actorKey(event);
    const actor = this.#actors.get(key) ?? { state: null, isKnownUser: false };
    this.#actors.set(key, actor);
    this.#runAlarms(key, actor, receivedAt);
    this.#fold(actor, { type: "event", event, received_at: receivedAt }, receivedAt);
    this.#events++;
    // An identify event names its user in its properties, where the engine finds it.
    const userId = event.user_id ?? actor.state?.user_id;
    if (userId !== undefined) {
      this.#userIds.add(userId);
      actor.isKnownUser = true;
    }
  }

  /** Lets all the time pass that the actors still wait for, and counts. */
  finish(): ReplayCounts {
    let unknownVisitors = 0;
    for (const [key, actor] of this.#actors) {
      this.#runAlarms(key, actor, Infinity);
      if (!actor.isKnownUser) unknownVisitors++;
    }
    const byCount = [...this.#signals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return {
      events: this.#events,
      users: this.#userIds.size + unknownVisitors,
      sessions: this.#sessions,
      signals: Object.fromEntries(byCount),
    };
  }

  #runAlarms(key: string, actor: Actor, until: number): void {
    for (let n = 0; actor.alarmAt !== undefined && actor.alarmAt <= until; n++) {
      if (n === MAX_ALARMS) throw new Error(`The actor ${key} rings without end`);
      this.#fold(actor, { type: "alarm" }, actor.alarmAt);
    }
  }

  #fold(actor: Actor, input: StepInput, now: number): void {
    const result = this.step(actor.state, input, now, this.settings);
    actor.state = result.state;
    actor.alarmAt = result.alarm_at;
    for (const effect of result.effects) {
      if (effect.type === "session_started") this.#sessions++;
      else if (effect.type === "session_merged") this.#sessions--;
      else if (effect.type === "signal") {
        this.#signals.set(effect.data.kind, (this.#signals.get(effect.data.kind) ?? 0) + 1);
      }
    }
  }
}
