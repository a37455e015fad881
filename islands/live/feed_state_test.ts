import assert from "node:assert/strict";
import { addToFeed, FEED_ROWS, type FeedState, releaseWaiting } from "./feed_state.ts";
import type { SignalMessage } from "./feed_state.ts";

const EMPTY: FeedState = { rows: [], waiting: [] };

function message(n: number): SignalMessage {
  const at = "2026-03-01T12:00:00.000Z";
  return {
    type: "signal",
    seq: String(n),
    at,
    data: {
      id: String(n),
      kind: "rage_click",
      session_id: "s",
      severity: "low",
      at,
      explanation: "",
      event_id: "e",
      evidence: {},
    },
  };
}

const idsOf = (rows: FeedState["rows"]) => rows.map((row) => row.message.data.id);

Deno.test("what arrives is shown, newest first", () => {
  const state = addToFeed(addToFeed(EMPTY, [message(1)], false), [message(2), message(3)], false);
  assert.deepEqual(idsOf(state.rows), ["3", "2", "1"]);
  assert.deepEqual(state.waiting, []);
});

Deno.test("while somebody reads, rows stay where they are and the new ones wait", () => {
  const before = addToFeed(EMPTY, [message(1)], false);
  const state = addToFeed(addToFeed(before, [message(2)], true), [message(3)], true);
  assert.equal(state.rows, before.rows);
  assert.deepEqual(idsOf(state.waiting), ["3", "2"]);
  const released = releaseWaiting(state);
  assert.deepEqual(idsOf(released.rows), ["3", "2", "1"]);
  assert.deepEqual(released.waiting, []);
});

Deno.test("what waited comes in before what arrives after the reading", () => {
  const waiting = addToFeed(EMPTY, [message(1)], true);
  assert.deepEqual(idsOf(addToFeed(waiting, [message(2)], false).rows), ["2", "1"]);
});

Deno.test("rows and waiting rows are bounded", () => {
  const many = Array.from({ length: FEED_ROWS + 50 }, (_, n) => message(n));
  assert.equal(addToFeed(EMPTY, many, false).rows.length, FEED_ROWS);
  const waiting = addToFeed(EMPTY, many, true);
  assert.equal(waiting.waiting.length, FEED_ROWS);
  assert.equal(idsOf(waiting.waiting)[0], String(FEED_ROWS + 49));
});

Deno.test("single arrivals announce themselves; a flood and what waited do not", () => {
  const one = addToFeed(EMPTY, [message(1)], false);
  assert.deepEqual(one.rows.map((row) => row.arrived), [true]);
  const flood = addToFeed(EMPTY, [1, 2, 3, 4].map(message), false);
  assert.ok(flood.rows.every((row) => !row.arrived));
  const waited = releaseWaiting(addToFeed(EMPTY, [message(1)], true));
  assert.deepEqual(waited.rows.map((row) => row.arrived), [false]);
});

Deno.test("nothing changes when nothing came", () => {
  assert.equal(addToFeed(EMPTY, [], false), EMPTY);
  assert.equal(releaseWaiting(EMPTY), EMPTY);
});
