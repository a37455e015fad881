import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { messages } from "../messages.ts";
import { THEME_EVENT } from "../theme_toggle.tsx";
import { plotOptions, toPlotData } from "./chart_plot.ts";
import { formatClock, formatFigure } from "./format.ts";
import type { LiveState } from "./live_state.ts";
import { CHART_S, toTable } from "./metrics_columns.ts";

const texts = messages.live.chart;

/** Events per second over the last five minutes, with the table behind it. */
export function Chart({ state }: { state: LiveState }) {
  const plotRef = useRef<HTMLDivElement>(null);
  const tipRef = useRef<HTMLDivElement>(null);
  const tableOpen = useSignal(false);
  useEffect(() => {
    const [plot, tip] = [plotRef.current, tipRef.current];
    return plot && tip ? mountPlot(state, plot, tip) : undefined;
  }, []);
  const empty = state.metrics.value.at_ms.length === 0;
  return (
    <section class="chart" aria-label={texts.title}>
      <div class="chart-head">
        <h2>{texts.title}</h2>
        <span>{texts.range}</span>
      </div>
      <div class="chart-plot">
        <div ref={plotRef} class="chart-plot-area" aria-hidden="true" />
        <div ref={tipRef} class="chart-tip" hidden />
        {empty && <p class="chart-empty">{texts.empty}</p>}
      </div>
      <details onToggle={(event) => tableOpen.value = event.currentTarget.open}>
        <summary>{texts.table}</summary>
        {tableOpen.value && <ChartTable state={state} />}
      </details>
    </section>
  );
}

function ChartTable({ state }: { state: LiveState }) {
  return (
    <div class="chart-table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.tableTime}</th>
            <th scope="col">{texts.tableMean}</th>
            <th scope="col">{texts.tablePeak}</th>
          </tr>
        </thead>
        <tbody>
          {toTable(state.metrics.value).map((row) => (
            <tr key={row.fromMs}>
              <th scope="row">{formatClock(row.fromMs)}</th>
              <td>{formatFigure(row.mean)}</td>
              <td>{formatFigure(row.peak)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Draws, follows data, size and theme; returns its end. */
function mountPlot(state: LiveState, area: HTMLElement, tip: HTMLElement): () => void {
  const end = new AbortController();
  let plot: uPlot | undefined;
  const showTip = (point: { left: number; index: number } | null) => {
    const at = point && state.metrics.peek().at_ms[point.index];
    tip.hidden = !at;
    if (!point || !at || !plot) return;
    const count = document.createElement("b");
    count.textContent = texts.point(
      formatFigure(state.metrics.peek().events_per_s[point.index] ?? 0),
    );
    tip.replaceChildren(count, formatClock(at));
    const axis = plot.over.offsetLeft;
    const right = area.clientWidth - tip.offsetWidth;
    const left = Math.max(0, Math.min(right, axis + point.left - tip.offsetWidth / 2));
    tip.style.transform = `translate(${left}px, 0)`;
  };
  const nowS = () => (state.metrics.peek().at_ms.at(-1) ?? state.nowMs.peek()) / 1000;
  void import("uplot").then(({ default: UPlot }) => {
    if (end.signal.aborted) return;
    const draw = () => {
      plot?.destroy();
      plot = new UPlot(plotOptions(area, nowS, showTip), toPlotData(state.metrics.peek()), area);
    };
    draw();
    area.dataset.drawn = String(CHART_S);
    const stopData = effect(() => plot?.setData(toPlotData(state.metrics.value)));
    const resize = new ResizeObserver(() => {
      if (area.clientWidth > 0) {
        plot?.setSize({ width: area.clientWidth, height: area.clientHeight });
      }
    });
    resize.observe(area);
    const system = matchMedia("(prefers-color-scheme: dark)");
    document.addEventListener(THEME_EVENT, draw, { signal: end.signal });
    system.addEventListener("change", draw, { signal: end.signal });
    end.signal.addEventListener("abort", () => {
      stopData();
      resize.disconnect();
      plot?.destroy();
    });
  });
  return () => end.abort();
}
