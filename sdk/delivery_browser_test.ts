import { deepEqual, equal } from "node:assert/strict";
import { startRecorder } from "./browser_fixture.ts";
import { call, type Scenario, testInBrowser, withPage } from "./browser_scenario.ts";

const DELIVERY: Scenario[] = [
  [
    "what waits when the page goes arrives by beacon, with the key in the query",
    (world) =>
      withPage(world, {}, async (page) => {
        await world.snag.arrived("page_view");
        await call(page, "track", "last_words");
        await page.goto("about:blank");
        await world.snag.arrived("last_words");
        await world.snag.arrived("page_leave");
        equal(world.snag.requests.at(-1)?.url.search, "?key=wk_test");
      }),
  ],
  [
    "what the server refused for now is sent by the next page",
    (world) =>
      withPage(world, {}, async (page) => {
        await world.snag.arrived("page_view");
        world.snag.status = 503;
        await call(page, "track", "kept");
        const before = world.snag.requests.length;
        await world.snag.until(() => world.snag.requests.length > before, "a refused request");
        await page.goto("about:blank");
        world.snag.status = 202;
        await page.goto(`${world.snag.origin}/`);
        await world.snag.arrived("kept");
        await world.snag.arrived("page_leave");
      }),
  ],
  [
    "offline, events wait; back online they are sent at once",
    (world) =>
      withPage(world, { body: `<button id="pay">Pay</button>` }, async (page, context) => {
        await world.snag.arrived("page_view");
        await context.setOffline(true);
        await page.click("#pay");
        await call(page, "flush");
        equal(world.snag.events.some(({ event }) => event === "click"), false);
        await context.setOffline(false);
        await world.snag.arrived("click");
      }),
  ],
  ["to another origin no preflight is needed", async (world) => {
    const other = startRecorder("");
    try {
      await withPage(world, { attributes: `data-host="${other.origin}"` }, async () => {
        await other.arrived("page_view");
        deepEqual(
          other.requests.map(({ method, url }) => [method, url.search]),
          [["POST", "?key=wk_test"]],
        );
        equal(world.snag.events.length, 0);
      });
    } finally {
      await other.stop();
    }
  }],
];

testInBrowser("how the SDK delivers, in Chromium", [...DELIVERY]);
