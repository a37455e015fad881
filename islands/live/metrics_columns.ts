import type { MetricsPoint } from "../../schema/live.ts";

/** Seconds that the chart looks back. */
export const CHART_S = 300;

/** Points as columns: a fifth of the bytes that 300 objects take inside the page. */
export interface MetricsColumns {
  at_ms: number[];
  events_per_s: number[];
  signals_per_min: number[];
  active_sessions: number[];
  rejected_per_min: number[];
}

const FIGURES = [
  "events_per_s",
  "signals_per_min",
  "active_sessions",
  "rejected_per_min",
] as const;

/** Turns points, oldest first, into columns. */
export function toColumns(points: MetricsPoint[]): MetricsColumns {
  const kept = points.slice(-CHART_S);
  return {
    at_ms: kept.map((point) => Date.parse(point.at)),
    events_per_s: kept.map((point) => point.events_per_s),
    signals_per_min: kept.map((point) => point.signals_per_min),
    active_sessions: kept.map((point) => point.active_sessions),
    rejected_per_min: kept.map((point) => point.rejected_per_min),
  };
}

/** Adds the point of a second; one that is not newer than the last is ignored. */
export function addPoint(columns: MetricsColumns, point: MetricsPoint): MetricsColumns {
  const at = Date.parse(point.at);
  if (at <= (columns.at_ms.at(-1) ?? -Infinity)) return columns;
  const tail = 1 - CHART_S;
  const next: MetricsColumns = { ...columns, at_ms: [...columns.at_ms.slice(tail), at] };
  for (const figure of FIGURES) next[figure] = [...columns[figure].slice(tail), point[figure]];
  return next;
}

/** The mean; `undefined` of nothing. */
export function meanOf(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One line of the table behind the chart. */
export interface TableRow {
  fromMs: number;
  mean: number;
  peak: number;
}

const TABLE_STEP_MS = 10_000;

/** Events per second in steps of 10 s, newest first. */
export function toTable(columns: MetricsColumns): TableRow[] {
  const steps = new Map<number, number[]>();
  columns.at_ms.forEach((at, index) => {
    const from = Math.floor(at / TABLE_STEP_MS) * TABLE_STEP_MS;
    const values = steps.get(from) ?? [];
    values.push(columns.events_per_s[index] ?? 0);
    steps.set(from, values);
  });
  return [...steps].map(([fromMs, values]) => ({
    fromMs,
    mean: meanOf(values) ?? 0,
    peak: Math.max(...values),
  })).reverse();
}
