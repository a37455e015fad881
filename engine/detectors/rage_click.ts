import { hash64 } from "../hash.ts";
import type { Detection, Detector, SessionEvent } from "../types.ts";
import { describeTarget, seconds, type Target, targetOf } from "./target.ts";

export interface RageClickOptions {
  /** Clicks of a run before it fires. */
  min_clicks: number;
  /** Longest time between two clicks of a run. */
  max_gap_ms: number;
  /** Longest Euclidean distance between two clicks of a run. */
  max_distance_px: number;
  /** Clicks that select text are reading, not rage. */
  ignore_text_selection: boolean;
  /** Elements that are meant to be clicked quickly, again and again. */
  ignore_tags: string[];
  /** The same, by ARIA role. */
  ignore_roles: string[];
}

interface Click {
  at: number;
  x?: number;
  y?: number;
  /** Hash of the selector, so that the state stays small. */
  selector?: number;
  reported: boolean;
}

interface RageClickState {
  /** By time. */
  clicks: Click[];
}

/** Enough for any run that has not fired yet, and for late clicks beside it. */
const MAX_CLICKS = 24;

function belongTogether(a: Click, b: Click, options: RageClickOptions): boolean {
  if (b.at - a.at > options.max_gap_ms) return false;
  if (a.x === undefined || a.y === undefined || b.x === undefined || b.y === undefined) {
    return a.selector !== undefined && a.selector === b.selector;
  }
  return Math.hypot(a.x - b.x, a.y - b.y) <= options.max_distance_px;
}

/** The longest row of neighbours around position `index` in which each belongs to the next. */
function runAround(clicks: Click[], index: number, options: RageClickOptions): Click[] {
  let from = index;
  let to = index;
  const linked = (a: number, b: number) => {
    const first = clicks[a];
    const second = clicks[b];
    return first !== undefined && second !== undefined && belongTogether(first, second, options);
  };
  while (linked(from - 1, from)) from--;
  while (linked(to, to + 1)) to++;
  return clicks.slice(from, to + 1);
}

function isExempt(event: SessionEvent, target: Target, options: RageClickOptions): boolean {
  if (options.ignore_text_selection && event.properties.selected_text) return true;
  if (target.tag !== undefined && options.ignore_tags.includes(target.tag)) return true;
  return target.role !== undefined && options.ignore_roles.includes(target.role);
}

function toClick(event: SessionEvent, target: Target): Click {
  return {
    at: event.at,
    x: target.x,
    y: target.y,
    selector: target.selector === undefined ? undefined : hash64(target.selector)[1],
    reported: false,
  };
}

function describe(run: Click[], target: Target): Detection {
  const duration = (run.at(-1)?.at ?? 0) - (run[0]?.at ?? 0);
  return {
    severity: "high",
    explanation:
      `${run.length} fast clicks on ${describeTarget(target.selector)} within ${
        seconds(duration)
      }: the page did not seem to respond. ` +
      "Try it yourself; if it works, show at once that it is working.",
    url: target.url,
    selector: target.selector,
    evidence: { clicks: run.length, duration_ms: duration },
  };
}

/** SPEC RAGE: several fast clicks on one spot. Fires on the click that completes the run, once. */
export const rageClick: Detector<RageClickState, RageClickOptions> = {
  kind: "rage_click",
  title: "Rage click",
  defaults: {
    min_clicks: 3,
    max_gap_ms: 1000,
    max_distance_px: 30,
    ignore_text_selection: true,
    ignore_tags: ["input", "textarea", "select", "option", "audio", "video", "html"],
    ignore_roles: ["slider", "spinbutton", "scrollbar", "gridcell", "textbox", "searchbox"],
  },
  detect(state, event, options) {
    if (event.event !== "click") return { state, detections: [] };
    const target = targetOf(event);
    if (isExempt(event, target, options)) return { state, detections: [] };
    const click = toClick(event, target);
    const later = state?.clicks.findIndex((other) => other.at > click.at) ?? -1;
    const before = state?.clicks ?? [];
    const index = later === -1 ? before.length : later;
    const clicks = before.toSpliced(index, 0, click);
    const run = runAround(clicks, index, options);
    const isNews = run.length >= options.min_clicks && !run.some((other) => other.reported);
    const isOldNews = run.some((other) => other.reported);
    const marked = isNews || isOldNews
      ? clicks.map((other) => run.includes(other) ? { ...other, reported: true } : other)
      : clicks;
    const newest = marked.at(-1)?.at ?? click.at;
    const reach = options.max_gap_ms * Math.max(options.min_clicks, 2);
    const kept = marked.filter((other) => newest - other.at <= reach).slice(-MAX_CLICKS);
    return { state: { clicks: kept }, detections: isNews ? [describe(run, target)] : [] };
  },
};
