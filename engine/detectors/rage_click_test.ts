import { deepEqual, equal, match } from "node:assert/strict";
import { aClick, anEvent, clicksAt, MINUTE, seen, T0 } from "../../tests/fixtures/events.ts";
import { forSeeds } from "../../tests/fixtures/seeded.ts";
import type { IngestedEvent } from "../../schema/event.ts";
import type { Detection } from "../types.ts";
import { rageClick, type RageClickOptions } from "./rage_click.ts";

function detect(events: IngestedEvent[], options: Partial<RageClickOptions> = {}): Detection[] {
  let state: ReturnType<typeof rageClick.detect>["state"];
  return events.flatMap((event) => {
    const all = { ...rageClick.defaults, ...options };
    const result = rageClick.detect(state, seen(event), all);
    state = result.state;
    return result.detections;
  });
}

function count(events: IngestedEvent[], options: Partial<RageClickOptions> = {}): number {
  return detect(events, options).length;
}

/** Three clicks that would be rage, were it not for these properties. */
function rageWith(properties: Record<string, unknown>): number {
  return count(clicksAt([0, 200, 400], properties));
}

/** One click in each place, 200 ms apart. */
function clicksOn(places: Record<string, unknown>[]): IngestedEvent[] {
  return places.map((properties, i) => aClick({ id: `c${i}`, at: i * 200, properties }));
}

Deno.test("RAGE-1 the third fast click on one spot fires, with what was measured", () => {
  const [found, ...more] = detect(clicksAt([0, 300, 700]));
  deepEqual(more, []);
  equal(found?.severity, "high");
  equal(found?.url, "https://shop.test/cart");
  equal(found?.selector, "#pay");
  deepEqual(found?.evidence, { clicks: 3, duration_ms: 700 });
  match(found?.explanation ?? "", /3 fast clicks on “#pay” within 0\.7 s/);
});

Deno.test("RAGE-1 two clicks do not fire, however fast", () => {
  equal(count(clicksAt([0, 1])), 0);
  equal(count(clicksAt([0])), 0);
});

Deno.test("RAGE-1 a gap of exactly 1000 ms counts, 1001 ms does not", () => {
  equal(count(clicksAt([0, 1000, 2000])), 1);
  equal(count(clicksAt([0, 1000, 2001])), 0);
  equal(count(clicksAt([0, 1001, 2001])), 0);
});

Deno.test("RAGE-1 slow clicks never fire, however many", () => {
  equal(count(clicksAt(Array.from({ length: 60 }, (_, i) => i * 1500))), 0);
});

Deno.test("RAGE-1 a distance of exactly 30 px counts, more does not", () => {
  equal(count(clicksOn([{ x: 0, y: 0 }, { x: 18, y: 24 }, { x: 0, y: 0 }])), 1);
  equal(count(clicksOn([{ x: 0, y: 0 }, { x: 18, y: 25 }, { x: 0, y: 0 }])), 0);
  equal(count(clicksOn([{ x: 0, y: 0 }, { x: 31, y: 0 }, { x: 62, y: 0 }])), 0);
});

Deno.test("RAGE-1 clicks down a list do not fire", () => {
  const list = Array.from({ length: 8 }, (_, i) => ({ x: 40, y: i * 44, selector: `li${i}` }));
  equal(count(clicksOn(list)), 0);
});

Deno.test("RAGE-1 other events between the clicks neither count nor interrupt", () => {
  const [a, b, c] = clicksAt([0, 300, 600]) as [IngestedEvent, IngestedEvent, IngestedEvent];
  equal(count([a, anEvent({ at: 100 }), b, anEvent({ event: "scroll", at: 400 }), c]), 1);
  equal(count([a, anEvent({ at: 100 }), anEvent({ event: "dead_click", at: 150 }), b]), 0);
});

Deno.test("RAGE-2 a run fires once, however long it goes on", () => {
  equal(count(clicksAt(Array.from({ length: 200 }, (_, i) => i * 200))), 1);
  equal(count(clicksAt(Array.from({ length: 200 }, (_, i) => i * 1000))), 1);
});

Deno.test("RAGE-2 a gap starts a new run, which needs three clicks of its own", () => {
  equal(count(clicksAt([0, 200, 400, 1401, 1601])), 1);
  equal(count(clicksAt([0, 200, 400, 1401, 1601, 1801])), 2);
});

Deno.test("RAGE-2 a click elsewhere starts a new run", () => {
  const here = { x: 100, y: 100 };
  const there = { x: 400, y: 100 };
  equal(count(clicksOn([here, here, there, here, here])), 0);
  equal(count(clicksOn([here, here, here, there, here, here])), 1);
  equal(count(clicksOn([here, here, here, there, there, there])), 2);
});

Deno.test("RAGE-3 without coordinates, clicks on one selector belong together", () => {
  const nowhere = { x: undefined, y: undefined };
  equal(count(clicksOn([nowhere, nowhere, nowhere])), 1);
  equal(count(clicksOn([nowhere, { ...nowhere, selector: "#other" }, nowhere])), 0);
});

Deno.test("RAGE-3 clicks with neither coordinates nor selector do not fire", () => {
  equal(rageWith({ x: undefined, y: undefined, selector: undefined }), 0);
  equal(rageWith({ x: "100", y: null, selector: "" }), 0);
  equal(rageWith({ x: NaN, y: Infinity, selector: 7 }), 0);
});

Deno.test("RAGE-3 where one click has no coordinates the selector decides", () => {
  equal(count(clicksOn([{}, { x: undefined }, {}])), 1);
  equal(count(clicksOn([{}, { x: undefined, selector: "#other" }, {}])), 0);
});

Deno.test("RAGE-4 clicks that select text do not count, unless that is switched off", () => {
  equal(rageWith({ selected_text: true }), 0);
  equal(rageWith({ selected_text: "a word" }), 0);
  equal(rageWith({ selected_text: false }), 1);
  equal(rageWith({ selected_text: "" }), 1);
  const selecting = clicksAt([0, 200, 400], { selected_text: true });
  equal(count(selecting, { ignore_text_selection: false }), 1);
});

Deno.test("RAGE-4 a double click that selects a word and a third click are not rage", () => {
  equal(count(clicksOn([{}, { selected_text: true }, { selected_text: true }])), 0);
});

Deno.test("RAGE-4 elements that are meant for fast clicks do not fire", () => {
  for (const tag of ["input", "INPUT", "textarea", "select", "option", "audio", "video", "html"]) {
    equal(rageWith({ tag }), 0, tag);
  }
  const roles = ["slider", "spinbutton", "scrollbar", "gridcell", "textbox", "SearchBox"];
  for (const role of roles) equal(rageWith({ tag: "div", role }), 0, role);
});

Deno.test("RAGE-4 other elements fire, and what is ignored is the project's choice", () => {
  for (const tag of ["button", "a", "div", "svg", undefined]) equal(rageWith({ tag }), 1);
  equal(rageWith({ tag: "div", role: "button" }), 1);
  const stepper = clicksAt([0, 200, 400], { role: "stepper" });
  equal(count(stepper, { ignore_roles: ["stepper"] }), 0);
  equal(count(clicksAt([0, 200, 400], { tag: "input" }), { ignore_tags: [] }), 1);
});

Deno.test("RAGE-5 a late click takes its place by time", () => {
  const [a, b, c] = clicksAt([0, 900, 1800]) as [IngestedEvent, IngestedEvent, IngestedEvent];
  for (const order of [[a, c, b], [c, b, a], [b, a, c]]) equal(count(order), 1);
});

Deno.test("RAGE-5 a late click elsewhere takes a run apart that has not fired", () => {
  const [a, b, c] = clicksAt([0, 400, 800]) as [IngestedEvent, IngestedEvent, IngestedEvent];
  const between = aClick({ id: "late", at: 600, properties: { x: 500, y: 500 } });
  equal(count([a, b, between, c]), 0);
  equal(count([a, b, c, between]), 1, "it had fired before the late one came");
});

Deno.test("RAGE-5 any order of one run fires exactly once", () =>
  forSeeds(30, (random) => {
    let at = T0;
    const run = Array.from({ length: random.int(3, 6) }, (_, i) => {
      at += random.int(0, 500);
      const properties = { x: 100 + random.int(0, 20), y: 100 + random.int(0, 20) };
      return aClick({ id: `c${i}`, timestamp_ms: at, properties });
    });
    equal(count(random.shuffled(run)), 1);
  }));

Deno.test("RAGE-1 in order, runs are found as a plain scan finds them", () =>
  forSeeds(30, (random) => {
    let at = 0;
    const events = Array.from({ length: 200 }, (_, i) => {
      at += random.pick([100, 900, 1000, 1001, 2 * MINUTE]);
      const x = random.pick([0, 30, 60]);
      return aClick({ id: `c${i}`, at, properties: { x, y: 0 } });
    });
    let expected = 0;
    let run = 1;
    for (let i = 1; i < events.length; i++) {
      const [a, b] = [events[i - 1] as IngestedEvent, events[i] as IngestedEvent];
      const isNear = Math.abs(Number(a.properties.x) - Number(b.properties.x)) <= 30;
      run = isNear && b.timestamp_ms - a.timestamp_ms <= 1000 ? run + 1 : 1;
      if (run === 3) expected++;
    }
    equal(count(events), expected);
  }));

Deno.test("DET-2 what rage_click remembers stays small whatever comes", () => {
  let state: ReturnType<typeof rageClick.detect>["state"];
  for (let i = 0; i < 2000; i++) {
    const click = seen(aClick({ id: `c${i}`, at: i, properties: { selector: "x".repeat(5000) } }));
    state = rageClick.detect(state, click, { ...rageClick.defaults, min_clicks: 3000 }).state;
  }
  equal(JSON.stringify(state).length < 3000, true);
});
