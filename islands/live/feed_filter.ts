import type { Severity, Signal } from "../../schema/signal.ts";

/** Worst first, as the filter lists them. */
export const SEVERITIES_WORST_FIRST: readonly Severity[] = ["critical", "high", "medium", "low"];

/** What the feed is narrowed to; kept in the URL query, so that a view can be shared. */
export interface FeedFilter {
  /** Words that must all occur, in any of the texts of a signal. */
  q: string;
  /** A kind, or empty for all. */
  kind: string;
  /** Empty for all. */
  severity: Severity[];
}

/** The filter in which everything passes. */
export const NO_FILTER: FeedFilter = { q: "", kind: "", severity: [] };

const QUERY_CHARS = 200;

/** Reads a filter from a URL query such as `?q=pay&kind=rage_click&severity=high,critical`. */
export function parseFeedFilter(query: URLSearchParams): FeedFilter {
  const severities = (query.get("severity") ?? "").split(",");
  return {
    q: (query.get("q") ?? "").slice(0, QUERY_CHARS),
    kind: (query.get("kind") ?? "").slice(0, QUERY_CHARS),
    severity: SEVERITIES_WORST_FIRST.filter((severity) => severities.includes(severity)),
  };
}

/** The query for a filter, with its leading `?`; empty when nothing is filtered. */
export function formatFeedFilter(filter: FeedFilter): string {
  const query = new URLSearchParams();
  if (filter.q) query.set("q", filter.q);
  if (filter.kind) query.set("kind", filter.kind);
  if (filter.severity.length > 0) query.set("severity", filter.severity.join(","));
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** Whether anything is filtered at all. */
export function isFiltering(filter: FeedFilter): boolean {
  return filter.q.trim() !== "" || filter.kind !== "" || filter.severity.length > 0;
}

/** Whether a signal passes. */
export function matchesFilter(signal: Signal, filter: FeedFilter): boolean {
  if (filter.kind !== "" && signal.kind !== filter.kind) return false;
  if (filter.severity.length > 0 && !filter.severity.includes(signal.severity)) return false;
  const words = filter.q.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return true;
  const text = [
    signal.kind,
    signal.kind.replaceAll("_", " "),
    signal.explanation,
    signal.url,
    signal.selector,
    signal.user_id,
    signal.anonymous_id,
    signal.session_id,
  ].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}
