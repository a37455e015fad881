import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { IngestedEvent } from "../../schema/event.ts";
import { aClick, anError, anEvent, seen } from "../../tests/fixtures/events.ts";
import { forSeeds } from "../../tests/fixtures/seeded.ts";
import type { Detection } from "../types.ts";
import { errorClick } from "./error_click.ts";

type State = ReturnType<typeof errorClick.detect>["state"];

function detect(events: IngestedEvent[], options = errorClick.defaults): Detection[] {
  let state: State;
  return events.flatMap((event) => {
    const result = errorClick.detect(state, seen(event), options);
    state = result.state;
    return result.detections;
  });
}

function click(at: number, selector = "#pay"): IngestedEvent {
  return aClick({ at, properties: { selector } });
}

function selectors(events: IngestedEvent[]): (string | undefined)[] {
  return detect(events).map(({ selector }) => selector);
}

Deno.test("ERRC-1 an error soon after a click fires, with what was measured", () => {
  const [found, ...more] = detect([click(0), anError({ at: 800 })]);
  deepEqual(more, []);
  equal(found?.severity, "high");
  equal(found?.selector, "#pay");
  equal(found?.url, "https://shop.test/cart");
  deepEqual(found?.evidence, { delay_ms: 800, message: "card declined" });
  match(found?.explanation ?? "", /“#pay” was answered by an error 0\.8 s later: “card declined”/);
});

Deno.test("ERRC-1 an error 2000 ms after the click still fires, one at 2001 ms does not", () => {
  equal(detect([click(0), anError({ at: 2000 })]).length, 1);
  equal(detect([click(0), anError({ at: 2001 })]).length, 0);
  equal(detect([click(0), anError({ at: 500 })], { window_ms: 499 }).length, 0);
});

Deno.test("ERRC-1 an error before the click does not fire", () => {
  equal(detect([anError({ at: 0 }), click(1)]).length, 0);
  equal(detect([click(1), anError({ at: 0 })]).length, 0);
});

Deno.test("ERRC-1 neither clicks alone, errors alone, nor other events fire", () => {
  equal(detect([click(0), click(100), click(200)]).length, 0);
  equal(detect([anError({ at: 0 }), anError({ at: 1 })]).length, 0);
  equal(detect([anEvent({ at: 0 }), anError({ at: 1 })]).length, 0);
  equal(detect([anEvent({ event: "dead_click" }), anError({ at: 1 })]).length, 0);
  equal(detect([click(0), anEvent({ event: "form_error", at: 1 })]).length, 0);
});

Deno.test("ERRC-2 a second error for the same click does not fire", () => {
  equal(detect([click(0), anError({ at: 100 }), anError({ at: 200 })]).length, 1);
  equal(detect([click(0), ...Array.from({ length: 50 }, (_, i) => anError({ at: i }))]).length, 1);
});

Deno.test("ERRC-2 an error is put down to the latest click that has none yet", () => {
  const events = [click(0, "#a"), click(100, "#b"), anError({ at: 200 }), anError({ at: 300 })];
  deepEqual(selectors(events), ["#b", "#a"]);
});

Deno.test("ERRC-2 a click after the error is not its cause, though it is the latest", () => {
  deepEqual(selectors([click(0, "#a"), click(200, "#b"), anError({ at: 100 })]), ["#a"]);
});

Deno.test("ERRC-2 two clicks and two errors in turn are two signals", () => {
  const events = [click(0, "#a"), anError({ at: 100 }), click(5000, "#b"), anError({ at: 5100 })];
  deepEqual(selectors(events), ["#a", "#b"]);
});

Deno.test("ERRC-3 it fires as well when the click arrives after its error", () => {
  const [found] = detect([anError({ at: 800 }), click(0)]);
  deepEqual(found?.evidence, { delay_ms: 800, message: "card declined" });
});

Deno.test("ERRC-3 a click that comes late explains one error, and an error takes one click", () => {
  const [first, second] = [anError({ at: 100 }), anError({ at: 200 })];
  equal(detect([first, second, click(0)]).length, 1);
  equal(detect([first, click(0, "#a"), click(50, "#b")]).length, 1);
  equal(detect([anError({ at: 5000 }), click(0)]).length, 0);
});

Deno.test("ERRC-2 in any order there are no more signals than clicks or errors, none twice", () =>
  forSeeds(30, (random) => {
    const events = Array.from({ length: 40 }, (_, i) => {
      const about = { id: `e${i}`, at: random.int(0, 20_000) };
      return random.chance(0.5) ? aClick(about) : anError(about);
    });
    const clicks = events.filter(({ event }) => event === "click").length;
    const found = detect(events);
    ok(found.length <= Math.min(clicks, events.length - clicks));
    for (const { evidence } of found) {
      const delay = Number(evidence.delay_ms);
      ok(delay >= 0 && delay <= 2000, `delay ${delay}`);
    }
  }));

Deno.test("ERRC-1 a message that is missing or long makes no trouble", () => {
  const odd = detect([click(0), anError({ at: 1, properties: { message: 7 } })]);
  equal(odd[0]?.evidence.message, "unknown error");
  const long = detect([click(0), anError({ at: 1, properties: { message: "x".repeat(9000) } })]);
  equal(String(long[0]?.evidence.message).length, 120);
});

Deno.test("DET-2 what error_click remembers stays small whatever comes", () => {
  let state: State;
  const text = "日".repeat(9000);
  for (let i = 0; i < 200; i++) {
    const properties = { selector: text, url: text, message: text };
    for (const event of [aClick({ at: i * 5000, properties }), anError({ at: i * 5000 - 1 })]) {
      state = errorClick.detect(state, seen(event), errorClick.defaults).state;
    }
  }
  ok(JSON.stringify(state).length < 3000);
});
