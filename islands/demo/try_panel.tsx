import { messages } from "../messages.ts";
import type { DemoState } from "./demo_state.ts";
import { TRIES, type Try } from "./tries.ts";

const texts = messages.demo;

/** What a visitor can get stuck in, and what was caught already. */
export function TryPanel({ state }: { state: DemoState }) {
  const goTo = (one: Try) => {
    state.go(one.path);
    // After the step has been drawn.
    requestAnimationFrame(() => {
      const target = document.getElementById(one.target);
      target?.scrollIntoView({ block: "center" });
      target?.focus({ preventScroll: true });
      target?.classList.add("pointed-out");
      target?.addEventListener("animationend", () => target.classList.remove("pointed-out"), {
        once: true,
      });
    });
  };
  return (
    <section class="panel try-panel" aria-labelledby="try-title">
      <h2 id="try-title">{texts.tryTitle}</h2>
      <p class="muted">{texts.tryText}</p>
      <ol>
        {TRIES.map((one) => {
          const caught = state.caught.value.has(one.name);
          const [what, why] = texts.tries[one.name];
          return (
            <li key={one.name} data-caught={caught} data-testid={`try-${one.name}`}>
              <button type="button" class="try" title={texts.goThere} onClick={() => goTo(one)}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                  <circle cx="8" cy="8" r="6.25" />
                  {caught && <path d="m5.2 8.2 2 2 3.8-4.2" />}
                </svg>
                <span>
                  <b>{what}</b>
                  <small>{why}</small>
                </span>
                <em>{caught ? texts.caught : ""}</em>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
