import { batch } from "@preact/signals";
import { LiveClient, LoginNeededError } from "../live_client.ts";
import type { LiveToken } from "../live_client.ts";
import { addToFeed, FEED_ROWS, type SignalMessage } from "./feed_state.ts";
import { createFrameBatch } from "./frame_batch.ts";
import type { LivePageProps, LiveState } from "./live_state.ts";
import { addPoint } from "./metrics_columns.ts";

const TOPICS: ("signals" | "metrics")[] = ["signals", "metrics"];
const CLOCK_TOLERANCE_MS = 2000;

async function renewToken(): Promise<LiveToken> {
  const response = await fetch("/v1/live/tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ topics: TOPICS }),
  });
  if (response.status === 401 || response.status === 403) {
    throw new LoginNeededError("The login has ended");
  }
  if (!response.ok) throw new Error(`Renewing the live token answered ${response.status}`);
  return await response.json() as LiveToken;
}

/** Address of the live stream on this server. */
export function liveUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`;
}

/** Follows the network and the tab: no attempts while offline, one at once on return. */
export function followNetwork(client: LiveClient, signal: AbortSignal): void {
  addEventListener("online", () => client.wake(), { signal });
  addEventListener("offline", () => client.sleep(), { signal });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") client.wake();
  }, { signal });
}

/** Feeds the state from the live stream; ends with `signal`. */
export function connectLive(
  props: LivePageProps,
  state: LiveState,
  isReading: () => boolean,
  signal: AbortSignal,
): LiveClient {
  let offsetMs = 0;
  const tick = () => state.nowMs.value = Date.now() + offsetMs;
  const push = createFrameBatch<SignalMessage>((messages) => {
    batch(() => {
      tick();
      state.feed.value = addToFeed(state.feed.peek(), messages, isReading());
    });
  }, FEED_ROWS);
  const known = new Set(props.signals.map((message) => message.data.id));
  const client = new LiveClient({
    url: liveUrl(),
    token: props.token,
    topics: TOPICS,
    after: props.after,
    renewToken,
    onMessage: (message) => {
      if (message.type === "signal" && !known.has(message.data.id)) push(message);
    },
    onMetrics: (point) => {
      const difference = Date.parse(point.at) - Date.now();
      if (Math.abs(difference - offsetMs) > CLOCK_TOLERANCE_MS) offsetMs = difference;
      state.metrics.value = addPoint(state.metrics.peek(), point);
    },
    onStatus: (status) =>
      state.status.value = status.kind === "waiting"
        ? { kind: "waiting", retryAt: status.retryAt + offsetMs }
        : status,
    onGap: () => state.gap.value = true,
  });
  const ticking = setInterval(tick, 1000);
  signal.addEventListener("abort", () => {
    clearInterval(ticking);
    client.stop();
  });
  followNetwork(client, signal);
  batch(() => {
    tick();
    state.local.value = true;
  });
  client.start();
  return client;
}
