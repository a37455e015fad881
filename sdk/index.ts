import { createBacklog } from "./backlog.ts";
import { capture } from "./capture.ts";
import { createQueue } from "./queue.ts";
import { redactUrl } from "./redact.ts";
import { openLocalStore, openStore } from "./store.ts";
import { createTransport } from "./transport.ts";
import type { Page, Properties, Snag, SnagOptions } from "./types.ts";
import { createUuid7 } from "./uuid7.ts";
import { createVisitor } from "./visitor.ts";

export type { Properties, Snag, SnagOptions } from "./types.ts";

const nothing = () => Promise.resolve();
const SILENT: Snag = {
  track: nothing,
  identify: nothing,
  page: nothing,
  reset: nothing,
  flush: nothing,
  optOut: nothing,
  optIn: nothing,
};

type Win = Window & typeof globalThis;

function refusesTracking(win: Window): boolean {
  const { doNotTrack, globalPrivacyControl } = win.navigator as Navigator & {
    doNotTrack?: string | null;
    globalPrivacyControl?: boolean;
  };
  return doNotTrack === "1" || globalPrivacyControl === true;
}

/** The way out: the queue, what is kept for the next page, and where it all goes. */
function openQueue(win: Win, options: SnagOptions, name: string, debug: (text: string) => void) {
  const host = (options.host ?? win.location.origin).replace(/\/+$/, "");
  const transport = createTransport(win, win.fetch.bind(win), host, options.key);
  const backlog = createBacklog(openLocalStore(win, `${name}_queue`), Date.now);
  const queue = createQueue({
    ...transport,
    now: Date.now,
    after(ms, callback) {
      const timer = win.setTimeout(callback, ms);
      return () => win.clearTimeout(timer);
    },
    random: Math.random,
    save: backlog.save,
    debug,
  });
  return { queue, backlog, url: transport.url };
}

function start(win: Win, options: SnagOptions): Snag {
  const { key, anonymousId, captureText = false, sanitizeUrl = String } = options;
  const doc = win.document;
  const debug = (message: string) => {
    if (options.debug) console.debug(`snag: ${message}`);
  };
  const guard: Page["guard"] = (callback) => (...args) => {
    try {
      callback(...args);
    } catch (error) {
      debug(String(error));
    }
  };
  const newId = createUuid7(Date.now, (bytes) => win.crypto.getRandomValues(bytes));
  const name = `snag_${key.slice(-8)}`;
  const visitor = createVisitor({
    store: openStore(win, name),
    newId,
    now: Date.now,
    anonymousId,
    consent: options.respectDnt !== false && refusesTracking(win)
      ? "denied"
      : options.consent ?? "granted",
  });
  const { queue, backlog, url } = openQueue(win, options, name, debug);
  const cleanUrl = (url: string) => sanitizeUrl(redactUrl(url));

  function emit(event: string, properties: Properties, isUrgent = false): void {
    if (visitor.consent() === "denied") return;
    const json = JSON.stringify({
      id: newId(),
      event,
      ...visitor.ids(),
      timestamp: new Date().toISOString(),
      properties: { url: cleanUrl(win.location.href), ...properties },
    });
    queue.add(json, event === "error", isUrgent);
  }

  let view = (_properties?: Properties) => {};
  let hasBegun = false;
  /** Begins to listen, once, when the person has not said no; nothing is stored before a yes. */
  function begin(): void {
    const consent = visitor.consent();
    queue.hold(consent !== "granted");
    restore();
    if (consent === "denied" || hasBegun) return;
    // A page that is rendered ahead may never be seen.
    if ((doc as Document & { prerendering?: boolean }).prerendering) {
      return doc.addEventListener("prerenderingchange", guard(begin));
    }
    hasBegun = true;
    view = capture({ win, doc, emit, guard, cleanUrl }, captureText, url);
    win.addEventListener("pagehide", guard(queue.leave));
    doc.addEventListener(
      "visibilitychange",
      // The browser does not say whether a beacon arrived: what was given to it is sent again.
      guard(() => doc.visibilityState === "hidden" ? queue.leave() : restore()),
    );
    win.addEventListener("online", guard(queue.retry));
    view();
  }
  function restore(): void {
    if (visitor.consent() === "granted") queue.restore(backlog.take());
  }

  guard(begin)();
  return {
    track: guard((event: string, properties: Properties = {}) => emit(String(event), properties)),
    identify: guard((userId: string, traits: Properties = {}) => {
      if (!userId || visitor.consent() === "denied") return;
      visitor.identify(String(userId));
      emit("identify", traits);
    }),
    page: guard((properties?: Properties) => view(properties)),
    reset: guard(visitor.reset),
    flush: () => queue.flush().catch(() => {}),
    optOut: guard(() => {
      visitor.optOut();
      queue.clear();
      queue.hold(true);
      backlog.take();
    }),
    optIn: guard(() => {
      visitor.optIn();
      begin();
    }),
  };
}

/**
 * Starts Snag on this page: it records page views, clicks, errors, failed requests and forms, and
 * sends them to `POST /v1/events`. It never throws into the page and never reads what people type.
 * Where there is no page (on a server) it does nothing.
 *
 * @example
 * ```ts
 * const snag = createSnag({ key: "WRITE_KEY", host: "https://snag.example.com" });
 * snag.identify("user_42", { plan: "pro" });
 * snag.track("plan_chosen", { plan: "pro" });
 * ```
 */
export function createSnag(options: SnagOptions): Snag {
  try {
    return typeof window === "undefined" || !options?.key ? SILENT : start(window, options);
  } catch (error) {
    if (options?.debug) console.debug(`snag: ${error}`);
    return SILENT;
  }
}
