import { type Signal, signal } from "@preact/signals";
import type { StoredMessage } from "../../schema/live.ts";
import type { LiveStatus, LiveToken } from "../live_client.ts";
import type { SignalMessage } from "../live/feed_state.ts";
import { parseShopPath, type ShopView } from "./shop_path.ts";
import type { Try } from "./tries.ts";

/** What the server rendered the demo from. */
export interface DemoPageProps {
  path: string;
  token: LiveToken;
  visitor: string;
  titles: Record<string, string>;
  server_now_ms: number;
}

/** The beginning, end or merging of a session, as it came over the live stream. */
export type SessionMessage = Exclude<StoredMessage, { type: "signal" }>;

/** A signal as the visitor met it. */
export interface SeenSignal {
  message: SignalMessage;
  /** From the visitor's last click to the moment the signal was here; absent without a click. */
  afterClickMs?: number;
}

/** Rows beside the shop; past it the oldest are let go. */
export const SEEN_SIGNALS = 20;

/** The state of the demo. */
export interface DemoState {
  view: Signal<ShopView>;
  /** How many of each product, by id. */
  bag: Signal<Record<string, number>>;
  seen: Signal<SeenSignal[]>;
  caught: Signal<ReadonlySet<Try["name"]>>;
  /** The newest word about the visitor's session. */
  session: Signal<SessionMessage | null>;
  status: Signal<LiveStatus>;
  titles: Record<string, string>;
  go(path: string): void;
}

/** Makes the state; the bag begins with one thing, so that every step can be tried at once. */
export function createDemoState(props: DemoPageProps): DemoState {
  const view = signal<ShopView>(parseShopPath(props.path) ?? { view: "products" });
  return {
    view,
    bag: signal<Record<string, number>>({ dripper: 1 }),
    seen: signal([]),
    caught: signal(new Set()),
    session: signal(null),
    status: signal<LiveStatus>({ kind: "connecting" }),
    titles: props.titles,
    go(path) {
      const next = parseShopPath(path);
      if (!next) return;
      if (path !== location.pathname) history.pushState(null, "", path);
      view.value = next;
      scrollTo({ top: 0 });
    },
  };
}
