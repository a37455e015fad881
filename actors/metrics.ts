import type { MetricsPoint } from "../schema/live.ts";

const HISTORY_S = 300;
const ACTIVE_MS = 5 * 60_000;
const MINUTE_S = 60;

class ProjectMetrics {
  readonly history: MetricsPoint[] = [];
  /** Actor to time of its last event, oldest first. */
  readonly #active = new Map<string, number>();
  readonly #signals: number[] = [];
  readonly #rejected: number[] = [];
  #second = { events: 0, signals: 0, rejected: 0 };

  count(what: "events" | "signals" | "rejected", n: number) {
    this.#second[what] += n;
  }

  seen(actor: string, now: number) {
    this.#active.delete(actor);
    this.#active.set(actor, now);
  }

  tick(now: number, elapsedS: number): MetricsPoint {
    for (const [actor, at] of this.#active) {
      if (now - at <= ACTIVE_MS) break;
      this.#active.delete(actor);
    }
    const { events, signals, rejected } = this.#second;
    this.#second = { events: 0, signals: 0, rejected: 0 };
    const point: MetricsPoint = {
      at: new Date(now).toISOString(),
      events_per_s: Math.round(events / elapsedS),
      signals_per_min: slide(this.#signals, signals),
      active_sessions: this.#active.size,
      rejected_per_min: slide(this.#rejected, rejected),
    };
    this.history.push(point);
    if (this.history.length > HISTORY_S) this.history.shift();
    return point;
  }
}

/** Adds a second's count to the last minute's. @returns their sum */
function slide(seconds: number[], count: number): number {
  seconds.push(count);
  if (seconds.length > MINUTE_S) seconds.shift();
  return seconds.reduce((sum, n) => sum + n, 0);
}

/** Figures of each project over the last five minutes, in memory. */
export class Metrics {
  readonly #projects = new Map<string, ProjectMetrics>();
  #lastTick: number;

  constructor(now: number) {
    this.#lastTick = now;
  }

  /** @param actors that had an event */
  accepted(projectId: string, events: number, actors: Iterable<string>, now: number) {
    const project = this.#of(projectId);
    project.count("events", events);
    for (const actor of actors) project.seen(actor, now);
  }

  signals(projectId: string, count: number) {
    this.#of(projectId).count("signals", count);
  }

  rejected(projectId: string, count: number) {
    this.#of(projectId).count("rejected", count);
  }

  /** Closes the running second. Called once a second. */
  tick(now: number): { project_id: string; point: MetricsPoint }[] {
    const elapsedS = Math.max((now - this.#lastTick) / 1000, 0.001);
    this.#lastTick = now;
    return [...this.#projects].map(([project_id, project]) => ({
      project_id,
      point: project.tick(now, elapsedS),
    }));
  }

  /** One point a second, oldest first. */
  history(projectId: string): MetricsPoint[] {
    return [...this.#of(projectId).history];
  }

  #of(projectId: string): ProjectMetrics {
    const found = this.#projects.get(projectId) ?? new ProjectMetrics();
    this.#projects.set(projectId, found);
    return found;
  }
}
