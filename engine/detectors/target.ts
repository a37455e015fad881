import type { SessionEvent } from "../types.ts";

/** Longest selector kept in a signal; longer ones are cut from the front, the near end stays. */
const MAX_SELECTOR_CHARS = 256;
const MAX_URL_CHARS = 512;

/** Where a click landed, as far as the event tells. */
export interface Target {
  url?: string;
  selector?: string;
  x?: number;
  y?: number;
  tag?: string;
  role?: string;
}

function text(value: unknown, max: number): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, max) : undefined;
}

function finite(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Reads a page event's target; a field of another type counts as absent. */
export function targetOf({ properties }: SessionEvent): Target {
  const selector = properties.selector;
  return {
    url: text(properties.url, MAX_URL_CHARS),
    selector: typeof selector === "string" && selector !== ""
      ? selector.slice(-MAX_SELECTOR_CHARS)
      : undefined,
    x: finite(properties.x),
    y: finite(properties.y),
    tag: text(properties.tag, 40)?.toLowerCase(),
    role: text(properties.role, 40)?.toLowerCase(),
  };
}

/** A target in words, for explanations: “#pay”, or the name that a test id gives it. */
export function describeTarget(selector: string | undefined): string {
  if (!selector) return "one spot of the page";
  const named = selector.match(/^\[data-[\w-]+="([^"]+)"\]$/)?.[1];
  return `“${named ?? selector}”`;
}

/** A short time for explanations: milliseconds under a tenth of a second, else seconds. */
export function shortTime(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : seconds(ms);
}

/** Seconds with one decimal, for explanations. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
