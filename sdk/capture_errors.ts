import { shortHash } from "./hash.ts";
import { redactEmails, withoutQuery } from "./redact.ts";
import type { Page } from "./types.ts";

const MAX_MESSAGE_CHARS = 500;
/** Errors a page may send in ten seconds; a loop that throws sends no more than this. */
const MAX_ERRORS = 20;
const WINDOW_MS = 10_000;

/** What was reported already where it happened, so that the rejection it causes is not. */
export type Reported = WeakSet<object>;

export interface Failure {
  message: string;
  source?: string;
  /** The place it came from, for the fingerprint. */
  frame?: string;
  properties?: Record<string, unknown>;
}

/** Sends failures as `error` events, at once, but not without bound. */
export function createErrorReporter({ emit }: Page) {
  let windowStart = 0;
  let count = 0;
  return ({ message, source, frame = "", properties }: Failure): void => {
    const now = Date.now();
    if (now - windowStart > WINDOW_MS) {
      windowStart = now;
      count = 0;
    }
    if (++count > MAX_ERRORS) return;
    const text = redactEmails(message).slice(0, MAX_MESSAGE_CHARS);
    emit("error", {
      message: text,
      ...(source && { source }),
      // Numbers vary from one time to the next: "timeout after 103 ms" is one error.
      fingerprint: shortHash(text.replace(/\d+/g, "0") + withoutQuery(frame)),
      ...properties,
    }, true);
  };
}

/** The first line of a stack that names a place. */
function firstFrame(error: unknown): string {
  const stack = (error as Error | null | undefined)?.stack;
  return typeof stack === "string"
    ? stack.split("\n").find((line) => /:\d+:\d+/.test(line))?.trim() ?? ""
    : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Uncaught errors and rejections that nobody handles. */
export function captureErrors(
  { win, guard }: Page,
  report: (failure: Failure) => void,
  reported: Reported,
): void {
  win.addEventListener(
    "error",
    guard((event: ErrorEvent) => {
      const { message, filename, lineno, colno, error } = event;
      // Without a message it is an image or a script that did not load; the other is harmless.
      if (!message || message.startsWith("ResizeObserver loop")) return;
      const source = filename && `${withoutQuery(filename)}:${lineno}:${colno}`;
      report({ message, source, frame: firstFrame(error) || source });
    }),
    true,
  );
  win.addEventListener(
    "unhandledrejection",
    guard(({ reason }: PromiseRejectionEvent) => {
      if (typeof reason === "object" && reason && reported.has(reason)) return;
      report({ message: messageOf(reason), source: "promise", frame: firstFrame(reason) });
    }),
  );
}
