import { redactEmails } from "./redact.ts";
import type { Page } from "./types.ts";

const MAX_TITLE_CHARS = 200;

/**
 * Page views, also of navigation within the page, and leaving it.
 *
 * @returns records a page view now
 */
export function capturePages({ win, doc, emit, guard, cleanUrl }: Page) {
  const { history, location } = win;
  let viewed = "";
  let referrer = doc.referrer;
  let viewedAt = Date.now();

  function view(properties: Record<string, unknown> = {}): void {
    const [entry] = win.performance?.getEntriesByType?.("navigation") ?? [];
    const isFirst = !viewed;
    emit("page_view", {
      title: redactEmails(doc.title).slice(0, MAX_TITLE_CHARS),
      ...(referrer && { referrer: cleanUrl(referrer) }),
      ...(isFirst && entry && { navigation_type: (entry as PerformanceNavigationTiming).type }),
      ...properties,
    });
    viewed = referrer = location.href;
    viewedAt = Date.now();
  }

  /** Frameworks set the title after the address. */
  const viewSoon = guard((isNew: () => boolean) => {
    if (isNew()) win.setTimeout(guard(() => isNew() && view()));
  });
  const isElsewhere = () => location.href !== viewed;
  // Filters and search boxes rewrite the query as people type; that is no new page.
  const isOtherPath = () => new URL(viewed).pathname !== location.pathname;

  for (const method of ["pushState", "replaceState"] as const) {
    const original = history[method];
    guard(() => {
      history[method] = function (this: History, ...args: Parameters<History["pushState"]>) {
        original.apply(this, args);
        viewSoon(method === "pushState" ? isElsewhere : isOtherPath);
      };
    })();
  }
  win.addEventListener("popstate", () => viewSoon(isElsewhere));
  win.addEventListener("hashchange", () => viewSoon(isElsewhere));
  win.addEventListener(
    "pageshow",
    // Back from the back-forward cache: the page runs on, and is viewed again.
    guard((event) => event.persisted && view({ navigation_type: "back_forward" })),
  );
  win.addEventListener(
    "pagehide",
    guard(() => emit("page_leave", { duration_ms: Date.now() - viewedAt })),
    true,
  );
  return view;
}
