import { batch } from "@preact/signals";
import { followNetwork, liveUrl } from "../live/connect_live.ts";
import { LiveClient } from "../live_client.ts";
import { type DemoPageProps, type DemoState, SEEN_SIGNALS } from "./demo_state.ts";
import { parseShopPath } from "./shop_path.ts";
import { tryOf } from "./tries.ts";

/** A signal that comes later than this was not caused by the last click. */
const SAME_MOMENT_MS = 10_000;

/** Follows this visitor's own signals and sessions; ends with `signal`. */
export function connectDemo(props: DemoPageProps, state: DemoState, signal: AbortSignal): void {
  let lastClick = -Infinity;
  document.addEventListener("click", (event) => {
    const inShop = event.target instanceof Element && event.target.closest(".shop");
    if (inShop) lastClick = event.timeStamp;
  }, { capture: true, signal });
  const client = new LiveClient({
    url: liveUrl(),
    token: props.token,
    topics: ["signals", "sessions"],
    filter: { anonymous_id: [props.visitor] },
    onMessage: (message) => {
      if (message.type !== "signal") {
        state.session.value = message;
        return;
      }
      const elapsed = Math.round(performance.now() - lastClick);
      const afterClickMs = elapsed <= SAME_MOMENT_MS ? elapsed : undefined;
      const caught = tryOf(message.data);
      batch(() => {
        state.seen.value = [{ message, afterClickMs }, ...state.seen.peek()]
          .slice(0, SEEN_SIGNALS);
        if (caught) state.caught.value = new Set(state.caught.peek()).add(caught);
      });
    },
    onStatus: (status) => state.status.value = status,
  });
  signal.addEventListener("abort", () => client.stop());
  followNetwork(client, signal);
  addEventListener("popstate", () => {
    state.view.value = parseShopPath(location.pathname) ?? { view: "products" };
  }, { signal });
  client.start();
}
