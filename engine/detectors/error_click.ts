import type { Detection, Detector, SessionEvent } from "../types.ts";
import { describeTarget, shortTime, targetOf } from "./target.ts";

export interface ErrorClickOptions {
  /** Longest time from a click to the error that is put down to it (Amplitude, New Relic). */
  window_ms: number;
}

interface Click {
  at: number;
  url?: string;
  selector?: string;
}

interface Failure {
  at: number;
  message: string;
}

interface ErrorClickState {
  /** Clicks that no error was put down to yet, by arrival. */
  clicks: Click[];
  /** Errors that no click explains yet, for clicks that come late. */
  failures: Failure[];
}

const MAX_KEPT = 2;
const MAX_MESSAGE_CHARS = 120;

function failureOf(event: SessionEvent): Failure {
  const { message } = event.properties;
  return {
    at: event.at,
    message: typeof message === "string" ? message.slice(0, MAX_MESSAGE_CHARS) : "unknown error",
  };
}

function describe(click: Click, failure: Failure): Detection {
  const delay = failure.at - click.at;
  return {
    severity: "high",
    explanation: `A click on ${describeTarget(click.selector)} was answered by an error ${
      shortTime(delay)
    } later: “${failure.message}”. Fix the error, and tell the user what went wrong.`,
    url: click.url,
    selector: click.selector,
    evidence: { delay_ms: delay, message: failure.message },
  };
}

/** The latest click at or before the error and within the window (SPEC ERRC-2). */
function latestCause(clicks: Click[], failure: Failure, windowMs: number): Click | undefined {
  return clicks
    .filter(({ at }) => at <= failure.at && failure.at - at <= windowMs)
    .reduce<Click | undefined>((best, c) => best && best.at > c.at ? best : c, undefined);
}

/** SPEC ERRC: an error soon after a click. One error for a click, one click for an error. */
export const errorClick: Detector<ErrorClickState, ErrorClickOptions> = {
  kind: "error_click",
  title: "Error click",
  defaults: { window_ms: 2000 },
  detect(state, event, options) {
    if (event.event !== "click" && event.event !== "error") return { state, detections: [] };
    const { clicks, failures } = state ?? { clicks: [], failures: [] };
    if (event.event === "error") {
      const failure = failureOf(event);
      const cause = latestCause(clicks, failure, options.window_ms);
      if (!cause) {
        return {
          state: { clicks, failures: [...failures, failure].slice(-MAX_KEPT) },
          detections: [],
        };
      }
      return {
        state: { clicks: clicks.filter((click) => click !== cause), failures },
        detections: [describe(cause, failure)],
      };
    }
    const { url, selector } = targetOf(event);
    const click: Click = { at: event.at, url, selector };
    const explained = failures.find((failure) => latestCause([click], failure, options.window_ms));
    if (explained) {
      return {
        state: { clicks, failures: failures.filter((failure) => failure !== explained) },
        detections: [describe(click, explained)],
      };
    }
    return { state: { clicks: [...clicks, click].slice(-MAX_KEPT), failures }, detections: [] };
  },
};
