import assert from "node:assert/strict";
import type { MetricsPoint } from "../../schema/live.ts";
import { roundTop } from "./chart_plot.ts";
import { addPoint, CHART_S, meanOf, toColumns, toTable } from "./metrics_columns.ts";

const START = Date.parse("2026-03-01T12:00:00Z");

function point(second: number): MetricsPoint {
  return {
    at: new Date(START + second * 1000).toISOString(),
    events_per_s: second,
    signals_per_min: 1,
    active_sessions: 2,
    rejected_per_min: 0,
  };
}

const points = (count: number) => Array.from({ length: count }, (_, second) => point(second));

Deno.test("columns keep the last five minutes", () => {
  const columns = toColumns(points(CHART_S + 20));
  assert.equal(columns.at_ms.length, CHART_S);
  assert.equal(columns.events_per_s[0], 20);
});

Deno.test("a new point pushes out the oldest; an old one is ignored", () => {
  const columns = toColumns(points(CHART_S));
  const next = addPoint(columns, point(CHART_S));
  assert.equal(next.at_ms.length, CHART_S);
  assert.equal(next.events_per_s.at(-1), CHART_S);
  assert.equal(next.active_sessions.length, CHART_S);
  assert.equal(addPoint(next, point(CHART_S)), next);
});

Deno.test("the table has steps of ten seconds, newest first", () => {
  assert.deepEqual(toTable(toColumns(points(20))), [
    { fromMs: START + 10_000, mean: 14.5, peak: 19 },
    { fromMs: START, mean: 4.5, peak: 9 },
  ]);
});

Deno.test("nothing has no mean", () => {
  assert.equal(meanOf([]), undefined);
  assert.equal(meanOf([1, 2]), 1.5);
});

Deno.test("the axis ends at a round number above the highest point", () => {
  assert.deepEqual([0, 3, 4, 42, 71, 95, 3600, 6200].map(roundTop), [
    4,
    4,
    6,
    60,
    80,
    150,
    4000,
    8000,
  ]);
});
