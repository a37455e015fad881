import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { LiveStatus } from "../live_client.ts";
import { type FeedFilter, matchesFilter } from "./feed_filter.ts";
import type { FeedRow, FeedState, SignalMessage } from "./feed_state.ts";
import type { MetricsColumns } from "./metrics_columns.ts";

/** What the server rendered the live page from. */
export interface LivePageProps {
  signals: SignalMessage[];
  metrics: MetricsColumns;
  after: string;
  token: { token: string; expires_at: string };
  filter: FeedFilter;
  /** Titles of the detectors by kind. */
  titles: Record<string, string>;
  /** The server's clock, so that both sides write the same relative times. */
  server_now_ms: number;
  /** Where this server answers, for the examples. */
  origin: string;
  /** A key for the examples; null when this project's is not known here. */
  write_key: string | null;
}

/** Rows that are shown at first, and with every "show more". */
export const ROWS_STEP = 100;

/** The state of the live page; components read it, `live_page.tsx` connects it. */
export interface LiveState {
  feed: Signal<FeedState>;
  metrics: Signal<MetricsColumns>;
  status: Signal<LiveStatus>;
  gap: Signal<boolean>;
  filter: Signal<FeedFilter>;
  /** The id of the signal whose details are open. */
  open: Signal<string | null>;
  /** How many rows are shown at most. */
  limit: Signal<number>;
  /** By the server's clock. */
  nowMs: Signal<number>;
  /** Whether times are in the browser's zone; not before hydration. */
  local: Signal<boolean>;
  help: Signal<boolean>;
  matching: ReadonlySignal<FeedRow[]>;
  waiting: ReadonlySignal<number>;
  titles: Record<string, string>;
}

/** Makes the state from what the server sent. */
export function createLiveState(props: LivePageProps): LiveState {
  const feed = signal<FeedState>({
    rows: props.signals.map((message) => ({ message, arrived: false })),
    waiting: [],
  });
  const filter = signal(props.filter);
  const passes = (row: FeedRow) => matchesFilter(row.message.data, filter.value);
  return {
    feed,
    filter,
    metrics: signal(props.metrics),
    status: signal<LiveStatus>({ kind: "connecting" }),
    gap: signal(false),
    open: signal(null),
    limit: signal(ROWS_STEP),
    nowMs: signal(props.server_now_ms),
    local: signal(false),
    help: signal(false),
    matching: computed(() => feed.value.rows.filter(passes)),
    waiting: computed(() => feed.value.waiting.filter(passes).length),
    titles: props.titles,
  };
}
