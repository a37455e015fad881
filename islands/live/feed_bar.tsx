import { useComputed } from "@preact/signals";
import type { Severity } from "../../schema/signal.ts";
import { messages } from "../messages.ts";
import { SEVERITIES_WORST_FIRST } from "./feed_filter.ts";
import { FEED_ROWS } from "./feed_state.ts";
import type { LiveState } from "./live_state.ts";
import { SeverityMark } from "./severity_mark.tsx";
import { titleOf } from "./signal_row.tsx";

const texts = messages.feed;

/** Heading, search and filters of the feed, and the button for what waits. */
export function FeedBar({ state, onShowNew }: { state: LiveState; onShowNew: () => void }) {
  const filter = state.filter.value;
  const kinds = useComputed(() => {
    const known = new Set(Object.keys(state.titles));
    for (const row of state.feed.value.rows) known.add(row.message.data.kind);
    if (filter.kind) known.add(filter.kind);
    return [...known].sort((a, b) =>
      titleOf(a, state.titles).localeCompare(titleOf(b, state.titles))
    );
  });
  const toggle = (severity: Severity) => {
    const chosen = filter.severity.includes(severity)
      ? filter.severity.filter((other) => other !== severity)
      : [...filter.severity, severity];
    state.filter.value = {
      ...filter,
      severity: SEVERITIES_WORST_FIRST.filter((other) => chosen.includes(other)),
    };
  };
  const waiting = state.waiting.value;
  return (
    <div class="feed-bar">
      <h2 id="feed-title">{texts.title}</h2>
      <span class="feed-count" data-testid="feed-count">
        {texts.count(state.matching.value.length, state.feed.value.rows.length)}
      </span>
      <div class="feed-search">
        <input
          id="feed-search"
          class="input"
          type="search"
          aria-label={texts.search}
          placeholder={texts.searchPlaceholder}
          value={filter.q}
          onInput={(event) => state.filter.value = { ...filter, q: event.currentTarget.value }}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div class="feed-kind">
        <select
          class="select"
          aria-label={texts.kind}
          value={filter.kind}
          onChange={(event) => state.filter.value = { ...filter, kind: event.currentTarget.value }}
        >
          <option value="">{texts.allKinds}</option>
          {kinds.value.map((kind) => (
            <option key={kind} value={kind}>{titleOf(kind, state.titles)}</option>
          ))}
        </select>
      </div>
      <div class="chips" role="group" aria-label={texts.severity}>
        {SEVERITIES_WORST_FIRST.map((severity) => (
          <button
            key={severity}
            type="button"
            class="chip"
            data-severity={severity}
            aria-pressed={filter.severity.includes(severity)}
            onClick={() => toggle(severity)}
          >
            <SeverityMark severity={severity} />
          </button>
        ))}
      </div>
      {waiting > 0 && (
        <button
          type="button"
          class="button feed-new"
          data-testid="feed-new"
          aria-label={texts.waitingLabel(waiting)}
          onClick={onShowNew}
        >
          {texts.waiting(waiting, state.feed.value.waiting.length >= FEED_ROWS)}
        </button>
      )}
    </div>
  );
}
