import { messages } from "../messages.ts";
import { SeverityMark } from "../live/severity_mark.tsx";
import { titleOf } from "../live/signal_row.tsx";
import type { DemoState, SeenSignal, SessionMessage } from "./demo_state.ts";

const texts = messages.demo;

/** What Snag says about this visitor, as it says it. */
export function DemoFeed({ state }: { state: DemoState }) {
  const seen = state.seen.value;
  const status = state.status.value.kind;
  return (
    <section class="panel demo-feed" aria-labelledby="demo-feed-title">
      <header>
        <h2 id="demo-feed-title">{texts.feedTitle}</h2>
        <span class="status" data-kind={status} data-testid="connection">
          <span class="status-dot" />
          {status === "waiting" ? messages.live.status.connecting : messages.live.status[status]}
        </span>
      </header>
      <p class="demo-session muted">
        {sessionText(state.session.value, seen.length)}
      </p>
      {status === "token_expired" && <p class="problem demo-session">{texts.expired}</p>}
      <ol aria-live="polite" data-testid="demo-feed">
        {seen.map((one) => <DemoRow key={one.message.data.id} seen={one} state={state} />)}
      </ol>
      {seen.length === 0 && <p class="demo-none muted">{texts.feedEmpty}</p>}
    </section>
  );
}

function sessionText(message: SessionMessage | null, signals: number): string {
  if (!message) return texts.feedText;
  if (message.type !== "session_ended") return texts.sessionRunning(signals);
  return texts.sessionEnded(message.data.events_count, message.data.signals_count);
}

function DemoRow({ seen, state }: { seen: SeenSignal; state: DemoState }) {
  const { data } = seen.message;
  return (
    <li class="demo-row" data-severity={data.severity}>
      <div>
        <p class="demo-row-head">
          <SeverityMark severity={data.severity} />
          <b>{titleOf(data.kind, state.titles)}</b>
        </p>
        <p class="demo-row-text">{data.explanation}</p>
        {data.selector && <p class="mono muted">{data.selector}</p>}
        {seen.afterClickMs !== undefined && (
          <p class="demo-row-ms">
            <b data-testid="after-click">{texts.afterClick(seen.afterClickMs)}</b>{" "}
            {texts.afterClickLabel}
          </p>
        )}
      </div>
    </li>
  );
}
