import assert from "node:assert/strict";
import type { Signal } from "../../schema/signal.ts";
import {
  formatFeedFilter,
  isFiltering,
  matchesFilter,
  NO_FILTER,
  parseFeedFilter,
} from "./feed_filter.ts";

const SIGNAL: Signal = {
  id: "s",
  kind: "rage_click",
  session_id: "ses_1",
  user_id: "ada",
  url: "https://shop.example/checkout",
  selector: "#pay-now",
  severity: "high",
  at: "2026-03-01T12:00:00.000Z",
  explanation: "Three fast clicks on Pay now",
  event_id: "e",
  evidence: {},
};

const parse = (query: string) => parseFeedFilter(new URLSearchParams(query));

Deno.test("a filter survives the way into the URL and back", () => {
  const filter = { q: "pay & go", kind: "rage_click", severity: ["critical", "low"] as const };
  const query = formatFeedFilter({ ...filter, severity: [...filter.severity] });
  assert.equal(query, "?q=pay+%26+go&kind=rage_click&severity=critical,low");
  assert.deepEqual(parse(query), filter);
});

Deno.test("no filter leaves no query, and no query filters nothing", () => {
  assert.equal(formatFeedFilter(NO_FILTER), "");
  assert.deepEqual(parse(""), NO_FILTER);
  assert.equal(isFiltering(NO_FILTER), false);
  assert.equal(isFiltering(parse("severity=low")), true);
});

Deno.test("values that nobody wrote are ignored", () => {
  assert.deepEqual(parse("severity=huge,high,high").severity, ["high"]);
  assert.equal(parse(`q=${"x".repeat(5000)}`).q.length, 200);
});

Deno.test("all words must occur, anywhere, in any case", () => {
  for (const q of ["PAY", "checkout ada", "rage click", "#pay-now", "ses_1", "  "]) {
    assert.ok(matchesFilter(SIGNAL, { ...NO_FILTER, q }), q);
  }
  assert.equal(matchesFilter(SIGNAL, { ...NO_FILTER, q: "pay nothere" }), false);
});

Deno.test("kind and severity narrow", () => {
  assert.equal(matchesFilter(SIGNAL, parse("kind=error_click")), false);
  assert.equal(matchesFilter(SIGNAL, parse("severity=critical")), false);
  assert.equal(matchesFilter(SIGNAL, parse("kind=rage_click&severity=critical,high")), true);
});
