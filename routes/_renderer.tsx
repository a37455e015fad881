import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { messages } from "../islands/messages.ts";
import { type Theme, THEME_COOKIE } from "../islands/theme_toggle.tsx";
import { ASSETS } from "./_assets.ts";
import { Header, type PageHead } from "./_header.tsx";

declare module "hono" {
  interface ContextRenderer {
    (content: VNode, head: PageHead): Response | Promise<Response>;
  }
}

/** The frame around every page. */
export default createMiddleware(async (c, next) => {
  c.setRenderer((content, head) => {
    const cookie = getCookie(c, THEME_COOKIE);
    const theme: Theme = cookie === "light" || cookie === "dark" ? cookie : "system";
    return c.html(
      "<!doctype html>" + renderToString(
        <html lang="en" data-theme={theme === "system" ? undefined : theme}>
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <title>{`${head.title} · ${messages.product}`}</title>
            <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
            {ASSETS.styles.map((href) => <link key={href} rel="stylesheet" href={href} />)}
            <script type="module" src={ASSETS.script} />
          </head>
          <body>
            <a class="skip button" href="#content">{messages.nav.skip}</a>
            <Header head={head} theme={theme} />
            <main id="content" class="page">{content}</main>
          </body>
        </html>,
      ),
    );
  });
  await next();
});
