import type uPlot from "uplot";
import { formatClock, formatFigure } from "./format.ts";
import { CHART_S, type MetricsColumns } from "./metrics_columns.ts";

/** Resolves a colour token, which may be written with light-dark(), to what a canvas takes. */
function readColour(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`;
  const colour = getComputedStyle(element).color;
  element.style.color = "";
  return colour;
}

/** Seconds and events per second, as uPlot takes them. */
export function toPlotData(metrics: MetricsColumns): uPlot.AlignedData {
  return [metrics.at_ms.map((at) => at / 1000), metrics.events_per_s];
}

const TOPS = [1, 1.5, 2, 3, 4, 6, 8];
const LOWEST_TOP = 4;

/** The top of the axis: a round number with some air, so that the scale rarely jumps. */
export function roundTop(max: number): number {
  const wanted = Math.max(max * 1.1, LOWEST_TOP);
  const scale = 10 ** Math.floor(Math.log10(wanted));
  return (TOPS.find((top) => top * scale >= wanted) ?? 10) * scale;
}

/**
 * Options of the chart of events per second.
 *
 * @param nowS the right end of the time axis, seconds since the epoch
 * @param onPoint told the point under the cursor, and `null` when there is none
 */
export function plotOptions(
  element: HTMLElement,
  nowS: () => number,
  onPoint: (point: { left: number; index: number } | null) => void,
): uPlot.Options {
  const line = readColour(element, "--line");
  const label = readColour(element, "--text-3");
  const accent = readColour(element, "--accent");
  const soft = readColour(element, "--accent-soft");
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const splits = (_plot: uPlot, _axis: number, _min: number, max: number) => [0, max / 2, max];
  const figures = (_plot: uPlot, values: number[]) => values.map(formatFigure);
  const axis = { stroke: label, font, ticks: { show: false } };
  return {
    width: Math.max(element.clientWidth, 100),
    height: element.clientHeight,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: () => [nowS() - CHART_S, nowS()] },
      y: { range: (_plot, _min, max) => [0, roundTop(max || 0)] },
    },
    series: [{}, { stroke: accent, fill: soft, width: 1.5, points: { show: false } }],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 6,
        space: 80,
        incrs: [60, 120],
        values: (_plot, splits) => splits.map((split) => formatClock(split * 1000).slice(0, 5)),
      },
      { ...axis, grid: { stroke: line, width: 1 }, size: 44, gap: 6, splits, values: figures },
    ],
    hooks: {
      setCursor: [(plot) => {
        const { idx, left } = plot.cursor;
        onPoint(idx == null || left == null || left < 0 ? null : { index: idx, left });
      }],
    },
  };
}
