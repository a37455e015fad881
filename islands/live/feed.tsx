import type { RefObject } from "preact";
import { messages } from "../messages.ts";
import { EmptyFeed } from "./empty_feed.tsx";
import { FeedBar } from "./feed_bar.tsx";
import { isFiltering, NO_FILTER } from "./feed_filter.ts";
import { FEED_ROWS } from "./feed_state.ts";
import { type LiveState, ROWS_STEP } from "./live_state.ts";
import { SignalRow } from "./signal_row.tsx";

const texts = messages.feed;

interface FeedProps {
  state: LiveState;
  origin: string;
  writeKey: string | null;
  feedRef: RefObject<HTMLElement | null>;
  listRef: RefObject<HTMLOListElement | null>;
  onShowNew: () => void;
}

/** The signals, newest first. */
export function Feed({ state, origin, writeKey, feedRef, listRef, onShowNew }: FeedProps) {
  const total = state.feed.value.rows.length;
  const matching = state.matching.value;
  const shown = matching.slice(0, state.limit.value);
  const filtering = isFiltering(state.filter.value);
  return (
    <section ref={feedRef} class="panel feed" aria-labelledby="feed-title">
      <FeedBar state={state} onShowNew={onShowNew} />
      <ol ref={listRef} data-testid="feed">
        {shown.map((row) => <SignalRow key={row.message.data.id} row={row} state={state} />)}
      </ol>
      {total === 0 && !filtering && <EmptyFeed origin={origin} writeKey={writeKey} />}
      {matching.length === 0 && (total > 0 || filtering) && (
        <div class="feed-none" data-testid="feed-none">
          <h3>{texts.noMatch}</h3>
          <p>{texts.noMatchHint}</p>
          <button
            type="button"
            class="button"
            onClick={() =>
              state.filter.value = NO_FILTER}
          >
            {texts.clear}
          </button>
        </div>
      )}
      {matching.length > shown.length && (
        <div class="feed-more">
          <button
            type="button"
            class="button"
            onClick={() => state.limit.value += ROWS_STEP}
          >
            {texts.more(Math.min(ROWS_STEP, matching.length - shown.length))}
          </button>
        </div>
      )}
      {total >= FEED_ROWS && matching.length === shown.length && (
        <p class="feed-more">{texts.end(FEED_ROWS)}</p>
      )}
    </section>
  );
}
