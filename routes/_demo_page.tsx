import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import DemoPage from "../islands/demo_page.tsx";
import { messages } from "../islands/messages.ts";
import { LIMITS } from "../schema/limits.ts";
import type { RouteEnv } from "./parts.ts";
import { Sorry } from "./_sorry.tsx";

const VISITOR_COOKIE = "snag_demo_visitor";
const VISITOR_S = 30 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The visitor's id, made by the server, so that nobody can ask for another visitor's feed. */
function visitorOf(c: Context<RouteEnv>): string {
  const known = getCookie(c, VISITOR_COOKIE);
  const visitor = known && UUID.test(known) ? known : crypto.randomUUID();
  setCookie(c, VISITOR_COOKIE, visitor, {
    path: "/demo",
    httpOnly: true,
    sameSite: "Lax",
    secure: new URL(c.req.url).protocol === "https:",
    maxAge: VISITOR_S,
  });
  return visitor;
}

/** The demo shop at any of its steps. */
export async function renderDemo(c: Context<RouteEnv>): Promise<Response> {
  const { parts } = c.env;
  const { demo, detectors } = parts;
  const head = { title: messages.demo.title, nav: "demo" } as const;
  if (!demo) {
    const { disabledTitle: title, disabledText: text } = messages.demo;
    return c.render(<Sorry title={title} text={text} home={messages.notFound.home} />, head);
  }
  const visitor = visitorOf(c);
  const token = await parts.issueLiveToken(demo.project_id, {
    topics: ["signals", "sessions"],
    filter: { anonymous_id: [visitor] },
    ttl_s: LIMITS.live_token_max_ttl_s,
  });
  return c.render(
    <>
      <DemoPage
        path={c.req.path}
        token={token}
        visitor={visitor}
        titles={Object.fromEntries(detectors.map(({ kind, title }) => [kind, title]))}
        server_now_ms={Date.now()}
      />
      <script src="/sdk.js" data-key={demo.write_key} data-anonymous-id={visitor} defer />
    </>,
    head,
  );
}
