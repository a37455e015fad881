import { deepEqual, equal, notEqual } from "node:assert/strict";
import { type Consent, createVisitor, SESSION_IDLE_MS } from "./visitor.ts";

interface Setup {
  consent?: Consent;
  kept?: string;
  anonymousId?: string;
  /** Ids that were made before. */
  idsBefore?: number;
}

function setup(options: Setup = {}) {
  const world = {
    now: 1_700_000_000_000,
    kept: options.kept ?? null as string | null,
    ids: options.idsBefore ?? 0,
  };
  const visitor = createVisitor({
    store: { get: () => world.kept, set: (text) => void (world.kept = text) },
    newId: () => `id${++world.ids}`,
    now: () => world.now,
    consent: options.consent ?? "granted",
    anonymousId: options.anonymousId,
  });
  return { world, visitor };
}

Deno.test("a visitor stays the same, a session ends after 30 idle minutes", () => {
  const { world, visitor } = setup();
  const first = visitor.ids();
  deepEqual(visitor.ids(), first);
  world.now += SESSION_IDLE_MS;
  deepEqual(visitor.ids(), first);
  world.now += SESSION_IDLE_MS + 1;
  const later = visitor.ids();
  equal(later.anonymous_id, first.anonymous_id);
  notEqual(later.session_id, first.session_id);
});

Deno.test("identify goes with later events and outlives the page; reset makes another person", () => {
  const { world, visitor } = setup();
  const before = visitor.ids();
  visitor.identify("ann");
  equal(visitor.ids().user_id, "ann");
  const next = setup({ kept: world.kept ?? "", idsBefore: world.ids }).visitor;
  deepEqual(next.ids(), { ...before, user_id: "ann" });
  next.reset();
  const after = next.ids();
  equal(after.user_id, undefined);
  notEqual(after.session_id, before.session_id);
});

Deno.test("nothing is kept on the device before consent, and then what was known is", () => {
  const { world, visitor } = setup({ consent: "pending" });
  const ids = visitor.ids();
  visitor.identify("ann");
  equal(world.kept, null);
  visitor.optIn();
  equal(visitor.consent(), "granted");
  deepEqual(visitor.ids(), { ...ids, user_id: "ann" });
});

Deno.test("opting out forgets the visitor and holds; opting in overrides a denied default", () => {
  const { world, visitor } = setup();
  visitor.ids();
  visitor.optOut();
  equal(world.kept, '{"c":0}');
  equal(setup({ kept: world.kept }).visitor.consent(), "denied");
  const refusing = setup({ consent: "denied" }).visitor;
  equal(refusing.consent(), "denied");
  refusing.optIn();
  equal(refusing.consent(), "granted");
});

Deno.test("what is kept may be broken; a fixed id comes before it", () => {
  equal(setup({ kept: "{broken" }).visitor.ids().anonymous_id, "id1");
  equal(setup({ kept: "null" }).visitor.consent(), "granted");
  equal(setup({ anonymousId: "me" }).visitor.ids().anonymous_id, "me");
});
