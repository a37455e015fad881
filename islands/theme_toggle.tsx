import { useState } from "preact/hooks";
import { messages } from "./messages.ts";

/** What a person chose; `system` follows their device. */
export type Theme = "light" | "system" | "dark";

/** Carries the choice to the server, which renders it: no flash of the other theme. */
export const THEME_COOKIE = "snag_theme";

/** Sent to `document` when the colours changed, for what paints on a canvas. */
export const THEME_EVENT = "snag:theme";

const ICONS: [Theme, string][] = [
  ["light", "M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15"],
  ["system", "M2 3.5h12v7.5H2ZM6 14h4M8 11v3"],
  ["dark", "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z"],
];

/** Light, as the system, or dark. */
export default function ThemeToggle(props: { theme: Theme }) {
  const [theme, setTheme] = useState(props.theme);
  const choose = (next: Theme) => {
    setTheme(next);
    const age = next === "system" ? 0 : 60 * 60 * 24 * 365;
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${age}; samesite=lax`;
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    document.dispatchEvent(new Event(THEME_EVENT));
  };
  return (
    <div class="theme" role="group" aria-label={messages.theme.label}>
      {ICONS.map(([name, path]) => (
        <button
          key={name}
          type="button"
          aria-pressed={theme === name}
          aria-label={messages.theme[name]}
          title={messages.theme[name]}
          onClick={() => choose(name)}
        >
          <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5">
            <path d={path} stroke-linecap="round" stroke-linejoin="round" />
          </svg>
        </button>
      ))}
    </div>
  );
}
