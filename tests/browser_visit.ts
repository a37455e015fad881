import assert from "node:assert/strict";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type FakeMode, type FakePagesServer, startFakePagesServer } from "./fake_pages_server.ts";

export const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
export const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    .split(" ");

function missing(): string | undefined {
  for (const path of [CHROMIUM, new URL("../dist/pages.js", import.meta.url)]) {
    try {
      Deno.statSync(path);
    } catch {
      return `${path} does not exist`;
    }
  }
}

/** Why tests in a browser cannot run here; `undefined` where they can. */
export const reason = missing();
if (reason) console.log(`Browser tests are skipped: ${reason}`);

/** What a test of the pages works with. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  server: FakePagesServer;
  /** Opens a path and waits until every island is awake. */
  open(path: string): Promise<void>;
}

/** How a visit begins. */
export interface VisitOptions {
  mode?: FakeMode;
  demo?: boolean;
  width?: number;
  loggedIn?: boolean;
  /** The server cannot make the live page. */
  broken?: boolean;
  /** Part of console errors that the test is about. */
  expected?: string;
}

/** One visit with a browser; fails when the page reports an error or breaks its policy. */
async function visit(options: VisitOptions, run: (visit: Visit) => Promise<void>) {
  const { mode, demo, broken, width = 1440, loggedIn = true, expected } = options;
  const server = await startFakePagesServer({ mode, demo, broken });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    if (loggedIn) {
      await context.addCookies([{ name: "snag_session", value: "1", url: server.url }]);
    }
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    const open = async (path: string) => {
      await page.goto(server.url + path);
      await page.waitForFunction(() =>
        [...document.querySelectorAll("honox-island")]
          .every((island) => island.hasAttribute("data-hydrated"))
      );
    };
    await run({ page, context, server, open });
    const unexpected = problems.filter((text) => !expected || !text.includes(expected));
    assert.deepEqual(unexpected, []);
  } finally {
    await browser?.close();
    await server.shutdown();
  }
}

/** Registers a test that visits the built pages; ignored, with its reason printed, without Chromium. */
export function browserTest(
  name: string,
  options: VisitOptions,
  run: (visit: Visit) => Promise<void>,
) {
  Deno.test({
    name: `pages: ${name}`,
    ignore: reason !== undefined,
    sanitizeOps: true,
    sanitizeResources: true,
    fn: () => visit(options, run),
  });
}

/** Waits until the page follows the live stream. */
export const live = (page: Page) =>
  page.locator('[data-testid="connection"][data-kind="live"]').waitFor();
/** The row of a signal. */
export const row = (page: Page, id: string) => page.locator(`[data-signal-id="${id}"]`);

/** Pixels by which the page is wider than the screen. */
export const sidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
