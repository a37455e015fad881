import { messages } from "../islands/messages.ts";
import ThemeToggle, { type Theme } from "../islands/theme_toggle.tsx";
import { Mark } from "./_brand.tsx";

/** What a page says about itself to the frame around it. */
export interface PageHead {
  title: string;
  /** The place in the navigation. */
  nav?: "live" | "demo";
  /** Whether to offer the way out. */
  loggedIn?: boolean;
}

/** The bar on top of every page. */
export function Header({ head, theme }: { head: PageHead; theme: Theme }) {
  const current = (nav: PageHead["nav"]) => head.nav === nav ? "page" : undefined;
  return (
    <header class="topbar" data-snag-ignore>
      <a class="brand" href="/">
        <Mark />
        {messages.product}
      </a>
      <nav aria-label={messages.nav.main}>
        <a href="/" aria-current={current("live")}>{messages.nav.live}</a>
        <a href="/demo" aria-current={current("demo")}>{messages.nav.demo}</a>
      </nav>
      <ThemeToggle theme={theme} />
      {head.loggedIn && (
        <form method="post" action="/logout">
          <button class="button quiet" type="submit">{messages.nav.logout}</button>
        </form>
      )}
    </header>
  );
}
