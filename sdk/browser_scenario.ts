import type { Browser, BrowserContext, Page } from "playwright-core";
import {
  bundle,
  launchBrowser,
  missingBrowser,
  type Recorder,
  startRecorder,
} from "./browser_fixture.ts";
import type { Snag } from "./types.ts";

/** What one scenario runs in: the browser they share, and a server of its own. */
export interface World {
  browser: Browser;
  snag: Recorder;
}

export type Scenario = [name: string, run: (world: World) => Promise<void>];

declare global {
  /** Uncaught errors of the page under test. */
  var problems: string[];
}

const html = (body: string, attributes = "") =>
  `<!doctype html><title>Shop</title><script>window.problems=[];addEventListener("error",(e)=>` +
  `problems.push(e.message))</script><script src="/snag.js" data-key="wk_test" ${attributes}>` +
  `</script><body style="height:3000px">${body}`;

/** Opens a page of that body in a fresh context, and closes it after the test. */
export async function withPage(
  { browser, snag }: World,
  options: { body?: string; attributes?: string; init?: string; page?: string },
  test: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  snag.pages.set("/", options.page ?? html(options.body ?? "", options.attributes));
  const context = await browser.newContext();
  if (options.init) await context.addInitScript(options.init);
  try {
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(`${snag.origin}/`);
    await test(page, context);
  } finally {
    await context.close();
  }
}

/** Calls a method of the SDK in the page. */
export function call(page: Page, method: keyof Snag, ...args: string[]): Promise<unknown> {
  return page.evaluate(([method, args]) => {
    const { snag } = globalThis as unknown as { snag: Record<string, (..._: string[]) => unknown> };
    return snag[method]?.(...args);
  }, [method, args] as const);
}

/** Runs scenarios in one Chromium, or says why it does not. */
export function testInBrowser(name: string, scenarios: Scenario[]): void {
  const missing = missingBrowser();
  if (missing) console.log(`Skipped: ${name} (${missing})`);
  Deno.test({
    name,
    ignore: missing !== undefined,
    fn: async (t) => {
      const script = await bundle("script.ts");
      const browser = await launchBrowser();
      try {
        for (const [name, run] of scenarios) {
          await t.step(name, async () => {
            const snag = startRecorder(script);
            try {
              await run({ browser, snag });
            } finally {
              await snag.stop();
            }
          });
        }
      } finally {
        await browser.close();
      }
    },
  });
}
