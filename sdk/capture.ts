import { captureClicks } from "./capture_clicks.ts";
import { captureErrors, createErrorReporter, type Reported } from "./capture_errors.ts";
import { captureForms } from "./capture_forms.ts";
import { captureNetwork } from "./capture_network.ts";
import { capturePages } from "./capture_pages.ts";
import type { Page, Properties } from "./types.ts";

/**
 * Begins to record what happens on the page.
 *
 * @param ownUrl where the SDK itself sends to
 * @returns records a page view
 */
export function capture(
  page: Page,
  captureText: boolean,
  ownUrl: string,
): (properties?: Properties) => void {
  let view = (_properties?: Properties) => {};
  const report = createErrorReporter(page);
  const reported: Reported = new WeakSet();
  const parts = [
    () => view = capturePages(page),
    () => captureClicks(page, captureText),
    () => captureErrors(page, report, reported),
    () => captureNetwork(page, report, reported, ownUrl),
    () => captureForms(page),
  ];
  // Where the page froze one of its globals, the others still work.
  for (const part of parts) page.guard(part)();
  return view;
}
