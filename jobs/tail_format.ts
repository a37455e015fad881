import type { LiveOutbound } from "../schema/live.ts";
import type { Session } from "../schema/session.ts";
import type { Severity } from "../schema/signal.ts";
import type { Paint, Style } from "./terminal/paint.ts";
import { printable } from "./terminal/printable.ts";

/** Severity by shape and colour, so that either alone is enough. */
const MARKS: Record<Severity, { mark: string; style: Style }> = {
  low: { mark: "○", style: "dim" },
  medium: { mark: "◐", style: "cyan" },
  high: { mark: "●", style: "yellow" },
  critical: { mark: "◆", style: "red" },
};
const KIND_WIDTH = 16;
const PAGE_WIDTH = 24;
const SELECTOR_WIDTH = 24;

/** Cuts or fills to exactly `width`; with `keepEnd` the front is cut, where selectors matter less. */
function column(text: string, width: number, keepEnd = false): string {
  const safe = printable(text);
  if (safe.length <= width) return safe.padEnd(width);
  return keepEnd ? `…${safe.slice(1 - width)}` : `${safe.slice(0, width - 1)}…`;
}

/** The path of a URL; what is no URL stays as it is. */
function pageOf(url: string | undefined): string {
  if (!url) return "-";
  const parsed = URL.parse(url);
  return parsed ? parsed.pathname : url.replace(/[?#].*/s, "");
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function sessionText(verb: string, session: Session): string {
  const who = session.user_id ?? session.anonymous_id ?? "someone";
  const counts = `${count(session.events_count, "event")}, ${
    count(session.signals_count, "signal")
  }`;
  const page = session.entry_url ? `, from ${pageOf(session.entry_url)}` : "";
  return printable(`session ${verb}: ${who}, ${counts}${page}`);
}

/**
 * One line for a live message; `undefined` for what has nothing to say.
 *
 * @param timeZone of the times shown; the machine's own by default
 */
export function formatMessage(
  message: LiveOutbound,
  paint: Paint,
  timeZone?: string,
): string | undefined {
  const time = (at: string) =>
    paint("dim", new Date(at).toLocaleTimeString("en-GB", { timeZone, hour12: false }));
  switch (message.type) {
    case "signal": {
      const { kind, severity, url, selector, explanation } = message.data;
      const { mark, style } = MARKS[severity];
      return [
        time(message.at),
        paint(style, `${mark} ${severity.padEnd(8)}`),
        paint("bold", column(kind, KIND_WIDTH)),
        column(pageOf(url), PAGE_WIDTH),
        column(selector ?? "-", SELECTOR_WIDTH, true),
        printable(explanation),
      ].join("  ");
    }
    case "session_started":
      return `${time(message.at)}  ${paint("dim", sessionText("started", message.data))}`;
    case "session_ended":
      return `${time(message.at)}  ${paint("dim", sessionText("ended", message.data))}`;
    case "session_merged":
      return `${time(message.at)}  ${paint("dim", sessionText("merged", message.data))}`;
    case "metrics": {
      const { events_per_s, signals_per_min, active_sessions, rejected_per_min } = message.data;
      const text = `${events_per_s} events/s, ${signals_per_min} signals/min, ` +
        `${active_sessions} active sessions, ${rejected_per_min} rejected/min`;
      return `${time(message.at)}  ${paint("dim", text)}`;
    }
    default:
      return undefined;
  }
}
