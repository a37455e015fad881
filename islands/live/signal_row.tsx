import { useComputed } from "@preact/signals";
import type { Signal } from "../../schema/signal.ts";
import { messages } from "../messages.ts";
import { formatAgo, formatEvidence, formatExact, formatPage } from "./format.ts";
import type { FeedRow } from "./feed_state.ts";
import type { LiveState } from "./live_state.ts";
import { SeverityMark } from "./severity_mark.tsx";

const texts = messages.feed;

/** The name of a detector for people. */
export function titleOf(kind: string, titles: Record<string, string>): string {
  const words = kind.replaceAll("_", " ");
  return titles[kind] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** One signal: its sentence, and when opened what was measured. */
export function SignalRow({ row, state }: { row: FeedRow; state: LiveState }) {
  const { data } = row.message;
  const open = useComputed(() => state.open.value === data.id).value;
  const page = formatPage(data.url) || texts.unknownPage;
  return (
    <li
      class="row"
      data-open={open}
      data-arrived={row.arrived}
      data-severity={data.severity}
      data-signal-id={data.id}
    >
      <button
        type="button"
        class="row-head"
        aria-expanded={open}
        onClick={() => state.open.value = open ? null : data.id}
      >
        <SeverityMark severity={data.severity} />
        <span class="row-kind">{titleOf(data.kind, state.titles)}</span>
        <span class="row-text">{data.explanation}</span>
        <span class="row-place">
          <span title={data.url}>{page}</span>
          <span class="mono" title={data.selector}>{data.selector ?? texts.wholePage}</span>
        </span>
        <Ago at={data.at} state={state} />
      </button>
      {open && <Details data={data} state={state} />}
    </li>
  );
}

function Ago({ at, state }: { at: string; state: LiveState }) {
  const text = useComputed(() => formatAgo(at, state.nowMs.value));
  const exact = useComputed(() => formatExact(at, state.local.value));
  return <time class="row-time" dateTime={at} title={exact}>{text}</time>;
}

function Details({ data, state }: { data: Signal; state: LiveState }) {
  const labels = texts.details;
  const page = formatPage(data.url);
  const identity: [string, string | undefined][] = [
    [labels.time, formatExact(data.at, state.local.value)],
    [labels.page, data.url],
    [labels.selector, data.selector],
    [labels.session, data.session_id],
    [labels.event, data.event_id],
    [labels.user, data.user_id],
    [labels.visitor, data.anonymous_id],
  ];
  return (
    <div class="details">
      <div>
        <h3>{labels.evidence}</h3>
        <dl>
          {Object.entries(data.evidence).map(([name, value]) => {
            const [label, text] = formatEvidence(name, value);
            return [<dt key={name}>{label}</dt>, <dd key={`${name} value`}>{text}</dd>];
          })}
        </dl>
        {page && (
          <button
            type="button"
            class="button"
            onClick={() => state.filter.value = { ...state.filter.value, q: page }}
          >
            {labels.samePage}
          </button>
        )}
      </div>
      <div>
        <h3>{labels.identity}</h3>
        <dl>
          {identity.filter(([, value]) => value).map(([label, value]) => [
            <dt key={label}>{label}</dt>,
            <dd key={`${label} value`} class={label === labels.time ? "" : "mono"}>{value}</dd>,
          ])}
        </dl>
      </div>
    </div>
  );
}
