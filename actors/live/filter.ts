import type { LiveFilter, StoredMessage } from "../../schema/live.ts";

function pathOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  return URL.parse(url, "http://localhost")?.pathname ?? url;
}

function pageMatches(patterns: string[], url: string | undefined): boolean {
  const path = pathOf(url);
  if (path === undefined) return false;
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern
  );
}

function includes(values: readonly string[] | undefined, value: string | undefined): boolean {
  return values === undefined || (value !== undefined && values.includes(value));
}

/**
 * Whether a message passes a filter. Sessions have no kind, severity or selector; lists of those
 * narrow signals only, so that one subscription can carry both.
 */
export function passesFilter(message: StoredMessage, filter: LiveFilter | undefined): boolean {
  if (!filter) return true;
  const { data } = message;
  if (!includes(filter.user_id, data.user_id)) return false;
  if (!includes(filter.anonymous_id, data.anonymous_id)) return false;
  if (message.type !== "signal") {
    return filter.page === undefined || pageMatches(filter.page, message.data.entry_url);
  }
  const signal = message.data;
  return includes(filter.kind, signal.kind) &&
    includes(filter.severity, signal.severity) &&
    includes(filter.selector, signal.selector) &&
    (filter.page === undefined || pageMatches(filter.page, signal.url));
}

/** A filter that passes only what both pass: a token's own, and the subscriber's. */
export function bothFilters(
  a: LiveFilter | undefined,
  b: LiveFilter | undefined,
): (message: StoredMessage) => boolean {
  return (message) => passesFilter(message, a) && passesFilter(message, b);
}
