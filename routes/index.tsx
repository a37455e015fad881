import { parseFeedFilter } from "../islands/live/feed_filter.ts";
import { toColumns } from "../islands/live/metrics_columns.ts";
import LivePage from "../islands/live_page.tsx";
import { messages } from "../islands/messages.ts";
import { LIMITS } from "../schema/limits.ts";
import { createRoute } from "./_route.ts";

/** Signals in the page itself; what is older is fetched by nobody who looks at a live page. */
const SIGNALS_IN_PAGE = 100;

export default createRoute(async (c) => {
  const { parts } = c.env;
  const url = new URL(c.req.url);
  const viewer = await parts.viewer(c.req.raw);
  if (!viewer) {
    return c.redirect(`/login?next=${encodeURIComponent(url.pathname + url.search)}`, 303);
  }
  const [snapshot, token] = await Promise.all([
    parts.snapshot(viewer.project_id),
    parts.issueLiveToken(viewer.project_id, {
      topics: ["signals", "metrics"],
      ttl_s: LIMITS.live_token_ttl_s,
    }),
  ]);
  const ownsDemo = parts.demo?.project_id === viewer.project_id;
  return c.render(
    <LivePage
      signals={snapshot.signals.slice(0, SIGNALS_IN_PAGE)}
      metrics={toColumns(snapshot.metrics)}
      after={snapshot.after}
      token={token}
      filter={parseFeedFilter(url.searchParams)}
      titles={Object.fromEntries(parts.detectors.map(({ kind, title }) => [kind, title]))}
      server_now_ms={Date.now()}
      origin={url.origin}
      write_key={ownsDemo ? parts.demo?.write_key ?? null : null}
    />,
    { title: messages.live.title, nav: "live", loggedIn: true },
  );
});
