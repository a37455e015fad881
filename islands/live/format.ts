import { messages } from "../messages.ts";

const LOCALE = "en";

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });

/** A figure for a tile: `0.4`, `12`, `4,210`, `12.3K`. */
export function formatFigure(value: number): string {
  if (value >= 10_000) return compact.format(value);
  return (value < 10 ? tenths : whole).format(value);
}

/** How long ago, short: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAgo(at: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000);
  if (seconds < 2) return messages.feed.now;
  const count = (unitS: number, unit: string) =>
    messages.feed.ago(Math.floor(seconds / unitS), unit);
  if (seconds < 60) return count(1, "s");
  if (seconds < 3600) return count(60, "min");
  if (seconds < 86_400) return count(3600, "h");
  return count(86_400, "d");
}

/**
 * The exact time, to the millisecond.
 *
 * @param local in the browser's zone; otherwise UTC, which server and browser agree on
 */
export function formatExact(at: string, local: boolean): string {
  return new Intl.DateTimeFormat(LOCALE, {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(local ? {} : { timeZone: "UTC" }),
  }).format(new Date(at)) + (local ? "" : " UTC");
}

/** Time of day for the chart, `14:03:09`, in the browser's zone. */
export function formatClock(atMs: number): string {
  const time = new Date(atMs);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

/** The path of a URL, which is what tells pages of one product apart; other texts as they are. */
export function formatPage(url: string | undefined): string {
  if (!url) return "";
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

const UNITS: [suffix: string, unit: string][] = [
  ["_per_min", " per min"],
  ["_per_s", " per s"],
  ["_ms", " ms"],
  ["_min", " min"],
  ["_px", " px"],
  ["_pct", " %"],
  ["_s", " s"],
];

/** A measured value of the evidence, with the unit that its name ends in. */
export function formatEvidence(name: string, value: number | string): [string, string] {
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix));
  const label = (unit ? name.slice(0, -unit[0].length) : name).replaceAll("_", " ");
  const text = typeof value === "number"
    ? new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 }).format(value)
    : value;
  return [label, text + (unit ? unit[1] : "")];
}
