import type { SendResult } from "./queue.ts";

const TIMEOUT_MS = 30_000;
/** Browsers take 64 KiB of bodies that may outlive their page; 3 bytes a character at most. */
const KEEPALIVE_CHARS = 20_000;

/** Milliseconds of a `Retry-After` in seconds; a date is left to the backoff. */
const retryAfterMs = (value: string | null) => (Number(value) || 0) * 1000;

/**
 * Sends bodies to `POST /v1/events`.
 *
 * To another origin the key goes into the query and the body is text/plain: such a request needs no
 * CORS preflight, at which beacons are lost. To the page's own origin it goes into a header, where
 * no access log shows it.
 *
 * @param fetch as it was before anything wrapped it
 */
export function createTransport(
  win: Window & typeof globalThis,
  fetch: typeof globalThis.fetch,
  host: string,
  key: string,
) {
  const { href: url, origin } = new URL(`${host}/v1/events`, win.location.href);
  const urlWithKey = `${url}?key=${encodeURIComponent(key)}`;
  const isSameOrigin = origin === win.location.origin;
  return {
    url,
    async send(body: string): Promise<SendResult> {
      const response = await fetch(isSameOrigin ? url : urlWithKey, {
        method: "POST",
        body,
        headers: {
          "content-type": "text/plain",
          ...(isSameOrigin && { authorization: `Bearer ${key}` }),
        },
        credentials: "omit",
        keepalive: body.length < KEEPALIVE_CHARS,
        signal: win.AbortSignal?.timeout?.(TIMEOUT_MS),
      });
      return {
        status: response.status,
        retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
      };
    },
    beacon(body: string): boolean {
      try {
        return win.navigator.sendBeacon(urlWithKey, body);
      } catch {
        return false;
      }
    },
  };
}
