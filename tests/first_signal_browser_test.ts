import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS, reason } from "./browser_visit.ts";
import { TestSubscriber } from "./fixtures/live_socket.ts";
import { startTestServer } from "./fixtures/test_server.ts";

Deno.test({
  name: "three clicks on the demo's dead button are on the live page and at a subscriber",
  ignore: reason !== undefined,
  async fn() {
    await using server = await startTestServer();
    await using subscriber = await TestSubscriber.open(server.origin, server.keys.read_key);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const context = await browser.newContext();
      const dashboard = await context.newPage();
      await dashboard.goto(server.origin + server.snag.loginPath("demo"));
      await dashboard.waitForURL(`${server.origin}/`);
      await dashboard.locator('[data-testid="connection"][data-kind="live"]').waitFor();

      const shop = await context.newPage();
      await shop.goto(`${server.origin}/demo/checkout`);
      const button = shop.getByTestId("dead-button");
      await button.waitFor();
      const atSubscriber = subscriber.until(() => subscriber.signals.length > 0)
        .then(() => performance.now());
      const atPage = dashboard.getByText(/3 fast clicks/).first().waitFor()
        .then(() => performance.now());
      await button.click();
      await button.click();
      await button.click();
      const clicked = performance.now();
      const [socketAt, pageAt] = await Promise.all([atSubscriber, atPage]);
      console.log(
        `  third click to WebSocket subscriber ${Math.round(socketAt - clicked)} ms, ` +
          `to live page ${Math.round(pageAt - clicked)} ms`,
      );
      assert.equal(subscriber.signals[0]?.data.kind, "rage_click");
      assert.match(subscriber.signals[0]?.data.url ?? "", /\/demo\/checkout$/);
      assert.equal(subscriber.signals.length, 1);
    } finally {
      await browser.close();
    }
    assert.deepEqual(server.problems, []);
  },
});
