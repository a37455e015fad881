import assert from "node:assert/strict";
import { browserTest, live } from "./browser_visit.ts";

browserTest(
  "a visitor sees their own signal, with the time since their click",
  { loggedIn: false },
  async ({ page, server, open }) => {
    await open("/demo");
    await live(page);
    const script = page.locator('script[src="/sdk.js"]');
    assert.equal(await script.getAttribute("data-key"), "wk_demo_fake");
    const visitor = await script.getAttribute("data-anonymous-id") ?? "";
    await page.getByTestId("try-pay").getByRole("button").click();
    await page.waitForURL(/\/demo\/checkout$/);
    await page.locator("#pay-now").click({ clickCount: 3 });
    server.emit({ id: "foreign", anonymous_id: "somebody else" });
    server.emit({ id: "mine", anonymous_id: visitor, selector: '[data-testid="dead-button"]' });
    await page.getByTestId("after-click").waitFor();
    assert.equal(await page.getByTestId("demo-feed").locator("li").count(), 1);
    await page.locator('[data-testid="try-pay"][data-caught="true"]').waitFor();
    await open("/demo");
    assert.equal(await script.getAttribute("data-anonymous-id"), visitor);
  },
);

browserTest(
  "every trouble spot makes its trouble",
  { loggedIn: false, expected: "last4" },
  async ({ page, open }) => {
    await open("/demo");
    await page.getByRole("link", { name: "Slow mug" }).click();
    await page.locator("#add-to-bag").click();
    await page.getByRole("link", { name: "Bag (2)" }).first().click();
    await page.locator("#apply-coupon").click();
    await page.getByRole("link", { name: "Checkout" }).click();
    await page.locator("#use-address").click();
    await page.getByText("We do not know this postcode").waitFor();
    const thrown = page.waitForEvent("pageerror");
    await page.locator("#pay-card").click();
    assert.match((await thrown).message, /last4/);
    await page.goBack();
    await page.waitForURL(/\/demo\/bag$/);
    await page.getByRole("heading", { name: "Your bag" }).waitFor();
  },
);

browserTest(
  "an order is refused with 500, and the page forgets the cause",
  { loggedIn: false, expected: "500" },
  async ({ page, open }) => {
    await open("/demo/checkout");
    const thrown = page.waitForEvent("pageerror");
    await page.locator("#pay-later").click();
    assert.match((await thrown).message, /orders answered 500/);
    await page.getByText("Something went wrong").waitFor();
  },
);

browserTest(
  "without a demo project it says how to get one",
  { demo: false },
  async ({ page, open }) => {
    await open("/demo");
    await page.getByRole("heading", { name: "The demo is not set up" }).waitFor();
  },
);
