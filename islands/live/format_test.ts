import assert from "node:assert/strict";
import { formatAgo, formatEvidence, formatExact, formatFigure, formatPage } from "./format.ts";

const AT = "2026-03-01T12:00:00.000Z";
const ago = (ms: number) => formatAgo(AT, Date.parse(AT) + ms);

Deno.test("times are relative and short; a clock that is behind reads as now", () => {
  const cases: [number, string][] = [
    [-5000, "now"],
    [1999, "now"],
    [12_000, "12 s ago"],
    [59_999, "59 s ago"],
    [180_000, "3 min ago"],
    [7_200_000, "2 h ago"],
    [5 * 86_400_000, "5 d ago"],
  ];
  for (const [ms, text] of cases) assert.equal(ago(ms), text);
});

Deno.test("the exact time says its zone where it is not the reader's", () => {
  assert.match(formatExact(AT, false), /Mar 1, 2026.*12:00:00.*UTC$/);
});

Deno.test("figures stay short", () => {
  assert.deepEqual([0, 0.44, 9.96, 12.6, 4210, 12_345].map(formatFigure), [
    "0",
    "0.4",
    "10",
    "13",
    "4,210",
    "12.3K",
  ]);
});

Deno.test("a page is its path; what is no URL stays as it is", () => {
  assert.equal(formatPage("https://shop.example/pay?step=3#x"), "/pay?step=3");
  assert.equal(formatPage("/relative"), "/relative");
  assert.equal(formatPage(undefined), "");
});

Deno.test("evidence carries the unit that its name ends in", () => {
  assert.deepEqual(formatEvidence("span_ms", 1420), ["span", "1,420 ms"]);
  assert.deepEqual(formatEvidence("distance_px", 4.256), ["distance", "4.26 px"]);
  assert.deepEqual(formatEvidence("clicks", 6), ["clicks", "6"]);
  assert.deepEqual(formatEvidence("last_message", "No"), ["last message", "No"]);
});
