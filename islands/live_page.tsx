import { effect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Chart } from "./live/chart.tsx";
import { connectLive } from "./live/connect_live.ts";
import { Connection } from "./live/connection.tsx";
import { Feed } from "./live/feed.tsx";
import { formatFeedFilter } from "./live/feed_filter.ts";
import { releaseWaiting } from "./live/feed_state.ts";
import { HelpDialog } from "./live/help_dialog.tsx";
import { bindKeys } from "./live/keyboard.ts";
import {
  createLiveState,
  type LivePageProps,
  type LiveState,
  ROWS_STEP,
} from "./live/live_state.ts";
import { Tiles } from "./live/tiles.tsx";
import type { LiveClient } from "./live_client.ts";
import { messages } from "./messages.ts";

const texts = messages.live;

/** The live page: figures, chart and the feed of signals. */
export default function LivePage(props: LivePageProps) {
  const state = useMemo(() => createLiveState(props), []);
  const feedRef = useRef<HTMLElement>(null);
  const listRef = useRef<HTMLOListElement>(null);
  const clientRef = useRef<LiveClient | null>(null);
  const showNew = () => {
    state.open.value = null;
    state.feed.value = releaseWaiting(state.feed.peek());
    const feed = feedRef.current;
    if (feed && feed.getBoundingClientRect().top < 0) feed.scrollIntoView({ block: "start" });
  };
  useEffect(() => {
    const end = new AbortController();
    const isReading = () => isReadingFeed(state, listRef.current);
    clientRef.current = connectLive(props, state, isReading, end.signal);
    watchReader(state, listRef.current, isReading, end.signal);
    const unbind = bindKeys(keyActions(state, listRef.current, showNew));
    const stopUrl = effect(() => {
      const query = formatFeedFilter(state.filter.value);
      state.limit.value = ROWS_STEP;
      if (query !== location.search) history.replaceState(null, "", location.pathname + query);
    });
    return () => {
      end.abort();
      unbind();
      stopUrl();
    };
  }, []);
  return (
    <div class="live">
      <header class="live-head">
        <h1>{texts.title}</h1>
        <p>{texts.lead}</p>
        <Connection state={state} onRetry={() => clientRef.current?.wake()} />
        <button
          type="button"
          class="button quiet"
          aria-label={messages.help.open}
          title={messages.help.open}
          onClick={() => state.help.value = true}
        >
          ?
        </button>
      </header>
      {state.gap.value && (
        <div class="notice" role="status">
          {texts.gap}
          <button type="button" class="button" onClick={() => state.gap.value = false}>
            {texts.dismiss}
          </button>
        </div>
      )}
      <div class="panel figures">
        <Tiles state={state} />
        <Chart state={state} />
      </div>
      <Feed
        state={state}
        origin={props.origin}
        writeKey={props.write_key}
        feedRef={feedRef}
        listRef={listRef}
        onShowNew={showNew}
      />
      <HelpDialog state={state} />
    </div>
  );
}

/** Rows must not move under someone who points at them, works in them or has scrolled past some. */
function isReadingFeed(state: LiveState, list: HTMLElement | null): boolean {
  if (!list || list.childElementCount === 0) return false;
  if (state.open.peek() !== null || list.contains(document.activeElement)) return true;
  if (matchMedia("(hover: hover)").matches && list.matches(":hover")) return true;
  return list.getBoundingClientRect().top < 0;
}

/** Shows what waited as soon as nobody reads any more. */
function watchReader(
  state: LiveState,
  list: HTMLElement | null,
  isReading: () => boolean,
  signal: AbortSignal,
): void {
  const settle = () =>
    requestAnimationFrame(() => {
      if (!isReading()) state.feed.value = releaseWaiting(state.feed.peek());
    });
  list?.addEventListener("pointerleave", settle, { signal });
  list?.addEventListener("focusout", settle, { signal });
  addEventListener("scroll", settle, { signal, passive: true });
}

function keyActions(state: LiveState, list: HTMLElement | null, showNew: () => void) {
  const search = () => document.querySelector<HTMLInputElement>("#feed-search");
  return {
    search: () => search()?.focus(),
    showNew,
    help: () => {
      state.help.value = true;
    },
    move: (step: 1 | -1) => {
      const rows = [...list?.querySelectorAll<HTMLElement>(".row-head") ?? []];
      const current = rows.findIndex((row) => row === document.activeElement);
      const next = rows[current === -1 ? 0 : current + step];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest" });
    },
    back: () => {
      if (state.open.peek() !== null) {
        state.open.value = null;
        return;
      }
      const active = document.activeElement;
      if (active === search()) state.filter.value = { ...state.filter.peek(), q: "" };
      if (active instanceof HTMLElement) active.blur();
    },
  };
}
