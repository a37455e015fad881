import type { Context } from "hono";
import { messages } from "../islands/messages.ts";
import { LoginForm } from "./_login_form.tsx";
import { safeNext } from "./_safe_next.ts";
import type { PageParts, RouteEnv } from "./parts.ts";
import { createRoute } from "./_route.ts";

const texts = messages.login;

/** @returns the cookie, or the sentence that says why there is none, with its status */
async function tryLogin(
  parts: PageParts,
  secret: Parameters<PageParts["login"]>[0],
  wrong: string,
): Promise<{ cookie: string } | { problem: string; status: 401 | 429 }> {
  try {
    const cookie = await parts.login(secret);
    return cookie === null ? { problem: wrong, status: 401 } : { cookie };
  } catch (error) {
    // By its fields: this bundle's ApiError is another class than the server's.
    if (!(error instanceof Error) || !("code" in error) || error.code !== "rate_limited") {
      throw error;
    }
    const seconds = "retryAfterS" in error ? Number(error.retryAfterS) || 60 : 60;
    return { problem: texts.tooMany(seconds), status: 429 };
  }
}

function answer(
  c: Context<RouteEnv>,
  next: string,
  outcome: Awaited<ReturnType<typeof tryLogin>>,
): Response | Promise<Response> {
  if ("cookie" in outcome) {
    c.header("set-cookie", outcome.cookie);
    return c.redirect(next, 303);
  }
  c.status(outcome.status);
  return c.render(<LoginForm next={next} problem={outcome.problem} />, { title: texts.title });
}

export default createRoute(async (c) => {
  const next = safeNext(c.req.query("next"));
  const token = c.req.query("token");
  if (token) return answer(c, next, await tryLogin(c.env.parts, { token }, texts.wrongToken));
  if (await c.env.parts.viewer(c.req.raw)) return c.redirect(next, 303);
  return c.render(<LoginForm next={next} />, { title: texts.title });
});

export const POST = createRoute(async (c) => {
  const form = await c.req.parseBody();
  const next = safeNext(typeof form.next === "string" ? form.next : undefined);
  const key = typeof form.key === "string" ? form.key.trim() : "";
  if (key === "") return answer(c, next, { problem: texts.emptyKey, status: 401 });
  return answer(c, next, await tryLogin(c.env.parts, { key }, texts.wrongKey));
});
