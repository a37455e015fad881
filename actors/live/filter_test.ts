import { equal } from "node:assert/strict";
import type { LiveFilter, StoredMessage } from "../../schema/live.ts";
import type { Session } from "../../schema/session.ts";
import type { Signal } from "../../schema/signal.ts";
import { aSession, aSignal } from "../../tests/fixtures/live.ts";
import { bothFilters, passesFilter } from "./filter.ts";

const stored = { seq: "s.1", at: "2026-03-03T12:00:00.000Z" };

function signal(filter: LiveFilter | undefined, over: Partial<Signal> = {}): boolean {
  return passesFilter({ type: "signal", ...stored, data: aSignal(over) }, filter);
}

function session(filter: LiveFilter, over: Partial<Session> = {}): boolean {
  return passesFilter({ type: "session_started", ...stored, data: aSession(over) }, filter);
}

Deno.test("without a filter, or with an empty one, everything passes", () => {
  equal(signal(undefined), true);
  equal(signal({}), true);
  equal(session({}), true);
});

Deno.test("a signal passes when it has one value of each list", () => {
  equal(signal({ kind: ["error_click", "rage_click"] }), true);
  equal(signal({ kind: ["error_click"] }), false);
  equal(signal({ severity: ["high"] }), true);
  equal(signal({ severity: ["low", "critical"] }), false);
  equal(signal({ selector: ["#pay"] }), true);
  equal(signal({ selector: ["#pa"] }), false);
  equal(signal({ kind: ["rage_click"], severity: ["low"] }), false);
  equal(signal({ kind: ["rage_click"], severity: ["high"], anonymous_id: ["ana"] }), true);
});

Deno.test("a field that the message does not have is not matched", () => {
  equal(signal({ user_id: ["u1"] }), false);
  equal(signal({ user_id: ["undefined"] }), false);
  equal(signal({ selector: ["#pay"] }, { selector: undefined }), false);
  equal(signal({ page: ["*"] }, { url: undefined }), false);
});

Deno.test("people are told apart to the letter", () => {
  equal(signal({ user_id: ["u1"] }, { user_id: "u1" }), true);
  equal(signal({ user_id: ["u1"] }, { user_id: "u10" }), false);
  equal(signal({ user_id: ["u1"] }, { user_id: "U1" }), false);
  equal(session({ anonymous_id: ["ana"] }), true);
  equal(session({ anonymous_id: ["bob"] }), false);
});

Deno.test("a page is a path, or a prefix of one with a star, whatever host and query", () => {
  equal(signal({ page: ["/cart"] }), true);
  equal(signal({ page: ["/cart/"] }), false);
  equal(signal({ page: ["/car"] }), false);
  equal(signal({ page: ["/car*"] }), true);
  equal(signal({ page: ["*"] }), true);
  equal(signal({ page: ["/pay", "/cart"] }), true);
  equal(signal({ page: ["/cart"] }, { url: "/cart#top" }), true);
  equal(signal({ page: ["/cart"] }, { url: "https://other.test/cart" }), true);
  equal(signal({ page: ["/shop.test/*"] }), false);
});

Deno.test("a url that is none is compared as it is", () => {
  equal(signal({ page: ["http://"] }, { url: "http://" }), true);
  equal(signal({ page: ["/x"] }, { url: "http://" }), false);
});

Deno.test("kinds, severities and selectors narrow signals only; people and pages both", () => {
  equal(session({ kind: ["rage_click"], severity: ["low"], selector: ["#x"] }), true);
  equal(session({ page: ["/"] }), true);
  equal(session({ page: ["/cart"] }), false);
  equal(session({ page: ["/"] }, { entry_url: undefined }), false);
  equal(session({ user_id: ["u1"] }), false);
});

Deno.test("of two filters both hold: a token's own cannot be widened", () => {
  const message: StoredMessage = { type: "signal", ...stored, data: aSignal() };
  equal(bothFilters({ anonymous_id: ["ana"] }, undefined)(message), true);
  equal(bothFilters({ anonymous_id: ["ana"] }, { kind: ["rage_click"] })(message), true);
  equal(bothFilters({ anonymous_id: ["bob"] }, { anonymous_id: ["ana"] })(message), false);
  equal(bothFilters({ anonymous_id: ["ana"] }, { anonymous_id: ["bob"] })(message), false);
});
