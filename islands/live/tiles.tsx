import { messages } from "../messages.ts";
import { formatFigure } from "./format.ts";
import type { LiveState } from "./live_state.ts";
import { meanOf, type MetricsColumns } from "./metrics_columns.ts";

const texts = messages.live.tiles;

const TILES: { figure: Exclude<keyof MetricsColumns, "at_ms">; label: string; unit: string }[] = [
  { figure: "events_per_s", label: texts.events, unit: texts.eventsUnit },
  { figure: "active_sessions", label: texts.sessions, unit: texts.sessionsUnit },
  { figure: "signals_per_min", label: texts.signals, unit: texts.signalsUnit },
  { figure: "rejected_per_min", label: texts.rejected, unit: texts.rejectedUnit },
];

/** The four figures, each with what is usual. */
export function Tiles({ state }: { state: LiveState }) {
  const metrics = state.metrics.value;
  return (
    <dl class="tiles">
      {TILES.map(({ figure, label, unit }) => {
        const last = metrics[figure].at(-1);
        const usual = meanOf(metrics[figure]);
        const alert = figure === "rejected_per_min" && (last ?? 0) > 0;
        return (
          <div key={figure} class="tile" data-alert={alert} data-testid={`tile-${figure}`}>
            <dt>{label}</dt>
            <dd class="tile-figure">
              <span>{formatFigure(last ?? 0)}</span>
              <small>{unit}</small>
            </dd>
            <dd class="tile-usual">
              {usual === undefined ? texts.noUsual : texts.usual(formatFigure(usual))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
