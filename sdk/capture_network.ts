import type { Failure, Reported } from "./capture_errors.ts";
import { withoutQuery } from "./redact.ts";
import type { Page } from "./types.ts";

/** The last two labels of a host name: close enough to tell one's own API from a blocked tracker. */
const siteOf = (hostname: string) => hostname.split(".").slice(-2).join(".");

/**
 * Requests that fail: answered with 500 or more, or (only of the page's own site, since blockers stop
 * others by intent) not answered at all.
 *
 * @param ownUrl the SDK's own requests, which are left alone
 */
export function captureNetwork(
  { win, guard }: Page,
  report: (failure: Failure) => void,
  reported: Reported,
  ownUrl: string,
): void {
  let isLeaving = false;
  win.addEventListener("pagehide", () => isLeaving = true);
  win.addEventListener("pageshow", () => isLeaving = false);

  const ended = guard((method: string, address: string, status: number) => {
    if (status !== 0 && !(status >= 500)) return;
    const url = new URL(address, win.location.href);
    if (url.href.startsWith(ownUrl)) return;
    const isOwnSite = siteOf(url.hostname) === siteOf(win.location.hostname);
    if (!status && (isLeaving || !isOwnSite)) return;
    const outcome = status ? `failed with ${status}` : "got no answer";
    report({
      message: `${method.toUpperCase()} ${withoutQuery(url.pathname)} ${outcome}`,
      source: "network",
      properties: { status, request_url: withoutQuery(url.href) },
    });
  });

  const { fetch } = win;
  if (fetch) {
    win.fetch = function (this: unknown, ...args: Parameters<typeof fetch>) {
      const [input, init] = args;
      const end = guard((status: number) => {
        const request = input instanceof Request ? input : undefined;
        ended(init?.method ?? request?.method ?? "GET", request?.url ?? String(input), status);
      });
      const answer = fetch.apply(this as typeof globalThis, args);
      // A stand-in of the page may return anything.
      return answer?.then?.((response) => {
        end(response?.status);
        return response;
      }, (error) => {
        if (error?.name !== "AbortError") {
          end(0);
          if (error instanceof Error) reported.add(error);
        }
        throw error;
      }) ?? answer;
    };
  }

  const xhr = win.XMLHttpRequest?.prototype;
  if (!xhr) return;
  const { open } = xhr;
  const requests = new WeakMap<XMLHttpRequest, [method: string, url: string]>();
  const watch = guard((request: XMLHttpRequest, method: string, url: string) => {
    const isWatched = requests.has(request);
    requests.set(request, [method, url]);
    if (isWatched) return;
    for (const type of ["load", "error", "timeout"]) {
      request.addEventListener(type, () => {
        const [method, url] = requests.get(request) ?? ["GET", ""];
        ended(method, url, request.status || (type === "load" ? 200 : 0));
      });
    }
  });
  xhr.open = function (this: XMLHttpRequest, ...args: unknown[]) {
    watch(this, String(args[0]), String(args[1]));
    return (open as (...args: unknown[]) => void).apply(this, args);
  } as typeof open;
}
