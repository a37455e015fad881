import assert from "node:assert/strict";
import { browserTest, live, row, sidewaysScroll } from "./browser_visit.ts";
import { FAKE_KEY, FAKE_LINK_TOKEN } from "./fake_pages_server.ts";

browserTest("the live page shows what arrives, newest first", {}, async (visit) => {
  const { page, server, open } = visit;
  await open("/");
  await live(page);
  assert.deepEqual(server.subscribers()[0]?.afters, ["seq-start"]);
  server.emit({ id: "fresh", explanation: "Somebody got stuck" });
  await row(page, "fresh").waitFor();
  const first = page.getByTestId("feed").locator("li").first();
  assert.match(await first.innerText(), /Somebody got stuck/);
  const at = new Date().toISOString();
  const figures = { signals_per_min: 1, active_sessions: 9, rejected_per_min: 0 };
  server.send({ type: "metrics", at, data: { at, events_per_s: 4321, ...figures } });
  await page.getByTestId("tile-events_per_s").getByText("4,321").waitFor();
  await page.locator(".chart canvas").waitFor();
});

browserTest("the chart answers the pointer, and has a table", {}, async ({ page, open }) => {
  await open("/");
  const plot = page.locator(".chart .u-over");
  await plot.hover();
  await page.locator(".chart-tip").getByText(/^\d+ events\/s$/).waitFor();
  await page.getByText("Show as a table").click();
  await page.getByRole("columnheader", { name: "Peak, events/s" }).waitFor();
  const rows = await page.locator(".chart-table tbody tr").count();
  assert.ok(rows === 30 || rows === 31, `${rows} rows`);
});

browserTest("new rows wait while the person reads", {}, async ({ page, server, open }) => {
  await open("/");
  await live(page);
  await page.getByTestId("feed").locator(".row-head").nth(1).hover();
  server.emit({ id: "one" });
  server.emit({ id: "two" });
  const button = page.getByTestId("feed-new");
  await button.getByText("2 new").waitFor();
  assert.equal(await row(page, "one").count(), 0);
  await button.click();
  await row(page, "one").waitFor();
  assert.equal(await button.count(), 0);
});

browserTest("the keyboard is enough", {}, async ({ page, open }) => {
  await open("/");
  await live(page);
  await page.keyboard.press("/");
  await page.keyboard.type("payment");
  await page.waitForURL(/q=payment/);
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.search === "");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  const opened = page.locator('.row[data-open="true"]');
  await opened.getByText("What was measured").waitFor();
  assert.equal(await opened.getAttribute("data-signal-id"), "sig_0");
  await page.keyboard.press("Escape");
  await opened.waitFor({ state: "detached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Next signal").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
});

browserTest("a filter is a link that can be shared", {}, async ({ page, open }) => {
  await open("/?kind=error_click&severity=critical");
  assert.equal(await page.getByTestId("feed-count").innerText(), "6 of 24");
  await page.getByRole("button", { name: "Low", exact: true }).click();
  await page.waitForURL(/severity=critical,low/);
  await open("/?q=nothing+like+that");
  await page.getByTestId("feed-none").getByRole("button").click();
  await page.waitForURL((url) => url.search === "");
});

browserTest(
  "a lost connection is said, and resumes where it was",
  {},
  async ({ page, server, open }) => {
    await open("/");
    await live(page);
    server.emit({ id: "before" });
    await row(page, "before").waitFor();
    server.cut(1012);
    await page.getByText("Reconnecting").waitFor();
    await live(page);
    server.emit({ id: "after" });
    await row(page, "after").waitFor();
    assert.deepEqual(server.subscribers().map(({ afters }) => afters), [["seq-200"]]);
  },
);

browserTest(
  "an expired token is renewed without a word",
  {},
  async ({ page, server, open }) => {
    await open("/");
    await live(page);
    server.cut(4401);
    await page.waitForFunction(() => performance.getEntriesByName(`${origin}/v1/live/tokens`)[0]);
    await live(page);
    assert.equal(server.tokensRenewed(), 1);
  },
);

browserTest("missed messages are said", {}, async ({ page, server, open }) => {
  await open("/");
  await live(page);
  server.send({ type: "resync", after: "later", reason: "too_old" });
  await page.getByText("You were away for longer").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  assert.equal(await page.getByText("You were away for longer").count(), 0);
});

browserTest("a flood keeps the page small", {}, async ({ page, server, open }) => {
  await open("/");
  await live(page);
  for (let n = 0; n < 3000; n++) server.emit({ id: `flood-${n}` });
  await row(page, "flood-2999").waitFor();
  assert.equal(await page.getByTestId("feed-count").innerText(), "500");
  assert.equal(await page.getByTestId("feed").locator("li").count(), 100);
  await page.getByRole("button", { name: "Show 100 more" }).click();
  assert.equal(await page.getByTestId("feed").locator("li").count(), 200);
});

browserTest(
  "an empty feed says how to begin",
  { mode: "empty" },
  async ({ page, server, open }) => {
    await open("/");
    const empty = page.getByTestId("empty-feed");
    await empty.getByText(`${server.url}/v1/events`).waitFor();
    await empty.getByText("wk_demo_fake").first().waitFor();
    await live(page);
    server.emit({ id: "first" });
    await row(page, "first").waitFor();
    assert.equal(await empty.count(), 0);
  },
);

browserTest(
  "login: a wrong key is explained, a right one leads on, log out ends it",
  { loggedIn: false, expected: "401" },
  async ({ page, open }) => {
    await open("/?severity=high");
    await page.waitForURL(/\/login\?next=%2F%3Fseverity%3Dhigh$/);
    await page.getByLabel("Key").fill("sk_wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").getByText("not a read or admin key").waitFor();
    await page.getByLabel("Key").fill(FAKE_KEY);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(/\/\?severity=high$/);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL(/\/login$/);
  },
);

browserTest(
  "login: a link works once",
  { loggedIn: false, expected: "401" },
  async ({ page, context, open }) => {
    await open(`/login?token=${FAKE_LINK_TOKEN}`);
    await page.getByRole("heading", { name: "Live", exact: true }).waitFor();
    await context.clearCookies();
    await open(`/login?token=${FAKE_LINK_TOKEN}`);
    await page.getByRole("alert").getByText("used already").waitFor();
  },
);

browserTest("a page that fails says so", { broken: true, expected: "500" }, async (visit) => {
  await visit.open("/");
  await visit.page.getByRole("heading", { name: "This page broke" }).waitFor();
});

browserTest("an unknown address says so", { expected: "404" }, async ({ page, open }) => {
  await open("/nowhere");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
});

browserTest("the theme is kept", {}, async ({ page, open }) => {
  await open("/login");
  await open("/");
  await page.getByRole("button", { name: "Dark" }).click();
  await open("/demo");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

browserTest("no page scrolls sideways at 390 pixels", { width: 390, expected: "404" }, async ({
  page,
  context,
  open,
}) => {
  const paths = ["/", "/demo", "/demo/product/kettle", "/demo/bag", "/demo/checkout", "/nowhere"];
  for (const path of [...paths, "/login"]) {
    if (path === "/login") await context.clearCookies();
    await open(path);
    assert.equal(await sidewaysScroll(page), 0, path);
  }
});

browserTest("nor does an empty feed", { width: 390, mode: "empty" }, async ({ page, open }) => {
  await open("/");
  assert.equal(await sidewaysScroll(page), 0);
});
