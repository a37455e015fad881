import { deepEqual, equal } from "node:assert/strict";
import { call, type Scenario, testInBrowser, withPage } from "./browser_scenario.ts";

const HOSTS: Scenario[] = [
  ["calls made before the script is there are made then", (world) => {
    const page = `<!doctype html><script>window.snag=[["identify","ann",{plan:"pro"}],
      ["track","early",{n:1}],["nonsense"],["toString"]]</script>
      <script src="/snag.js" data-key="wk_test" data-anonymous-id="me"></script>
      <script src="/snag.js" data-key="wk_test"></script>
      <script>snag.push(["track","late"])</script>`;
    return withPage(world, { page }, async () => {
      const [late] = await world.snag.arrived("late");
      deepEqual([late?.anonymous_id, late?.user_id], ["me", "ann"]);
      const [identify] = await world.snag.arrived("identify");
      deepEqual([identify?.user_id, identify?.properties.plan], ["ann", "pro"]);
      equal((await world.snag.arrived("early"))[0]?.properties.n, 1);
      equal(world.snag.events.filter(({ event }) => event === "page_view").length, 1);
    });
  }],
  ["without any storage the page still works, with one visitor for the page", (world) => {
    const init = `for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("no") } });
    }
    Object.defineProperty(Document.prototype, "cookie", { get() { throw new DOMException("no") },
      set() { throw new DOMException("no") } });`;
    return withPage(world, { init, body: `<button id="pay">Pay</button>` }, async (page) => {
      await page.click("#pay");
      const [click] = await world.snag.arrived("click");
      equal(click?.anonymous_id, (await world.snag.arrived("page_view"))[0]?.anonymous_id);
      deepEqual(await page.evaluate(() => problems), []);
    });
  }],
  ["where localStorage is blocked, a cookie keeps the visitor", (world) => {
    const init =
      `Object.defineProperty(window, "localStorage", { get() { throw new Error("no") } })`;
    return withPage(world, { init }, async (page) => {
      const [first] = await world.snag.arrived("page_view");
      await page.reload();
      const [, second] = await world.snag.arrived("page_view", 2);
      equal(second?.anonymous_id, first?.anonymous_id);
      equal(second?.session_id, first?.session_id);
    });
  }],
  ["a page with broken and frozen globals notices nothing", (world) => {
    const init = `Object.freeze(history);
      XMLHttpRequest.prototype.open = function () { throw new Error("theirs") };
      Element.prototype.closest = function () { throw new Error("theirs") };
      performance.getEntriesByType = () => { throw new Error("theirs") };
      navigator.sendBeacon = () => { throw new Error("theirs") };`;
    return withPage(world, { init, body: `<button id="pay">Pay</button>` }, async (page) => {
      await page.click("#pay");
      const thrown = await page.evaluate(() => {
        const { snag } = globalThis as unknown as {
          snag: Record<string, (..._: unknown[]) => void>;
        };
        const circular: Record<string, unknown> = {};
        circular.self = circular;
        snag.track?.("bad", circular);
        snag.track?.("bad", { n: 1n });
        snag.identify?.(Symbol("x"));
        snag.page?.({
          toJSON() {
            throw new Error("theirs");
          },
        });
        history.pushState({}, "", "/x");
        try {
          new XMLHttpRequest().open("GET", "/");
          return "nothing";
        } catch (error) {
          return (error as Error).message;
        }
      });
      equal(thrown, "theirs", "the page's own errors stay its own");
      await call(page, "track", "ok");
      await world.snag.arrived("ok");
      deepEqual(await page.evaluate(() => problems), []);
    });
  }],
  ["what is marked to be ignored is", (world) => {
    const body = `<div data-snag-ignore><button id="a">A</button></div><button id="b">B</button>`;
    return withPage(world, { body }, async (page) => {
      await page.click("#a");
      await page.click("#b");
      const [click] = await world.snag.arrived("click");
      equal(click?.properties.selector, "#b");
    });
  }],
];

const CONSENT: Scenario[] = [
  ...Object.entries({ globalPrivacyControl: "true", doNotTrack: '"1"' }).flatMap(
    ([name, value]): Scenario[] => {
      const init = `Object.defineProperty(Navigator.prototype, "${name}", { get: () => ${value} })`;
      return [
        [
          `${name} is respected, unless the person opts in`,
          (world) =>
            withPage(world, { init }, async (page) => {
              await call(page, "track", "no");
              await call(page, "flush");
              equal(world.snag.requests.length, 0);
              deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
              await call(page, "optIn");
              await world.snag.arrived("page_view");
              deepEqual(world.snag.events.map(({ event }) => event), ["page_view"]);
            }),
        ],
        [
          `${name} does not count where the site says so`,
          (world) =>
            withPage(world, { init, attributes: 'data-respect-dnt="false"' }, async () => {
              await world.snag.arrived("page_view");
            }),
        ],
      ];
    },
  ),
  [
    "pending consent stores and sends nothing; opting in sends what was held",
    (world) =>
      withPage(world, { attributes: 'data-consent="pending"' }, async (page) => {
        await call(page, "flush");
        equal(world.snag.requests.length, 0);
        deepEqual(await page.evaluate(() => [Object.keys(localStorage), document.cookie]), [
          [],
          "",
        ]);
        await call(page, "optIn");
        await world.snag.arrived("page_view");
      }),
  ],
  [
    "opting out stops, forgets, and lasts",
    (world) =>
      withPage(world, { body: `<button id="pay">Pay</button>` }, async (page) => {
        await world.snag.arrived("page_view");
        await call(page, "optOut");
        const before = world.snag.requests.length;
        await page.click("#pay");
        await page.reload();
        await page.click("#pay");
        await call(page, "flush");
        equal(world.snag.requests.length, before);
        equal(await page.evaluate(() => Object.values(localStorage).join()), '{"c":0}');
      }),
  ],
];

testInBrowser("how the SDK treats its page and the person, in Chromium", [...HOSTS, ...CONSENT]);
