import type { ComponentChildren } from "preact";
import type { DemoState } from "./demo_state.ts";

interface ShopLinkProps {
  state: DemoState;
  to: string;
  class?: string;
  children: ComponentChildren;
}

/** A link to a step of the shop, followed without loading a page. */
export function ShopLink({ state, to, class: className, children }: ShopLinkProps) {
  return (
    <a
      class={className}
      href={to}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        state.go(to);
      }}
    >
      {children}
    </a>
  );
}
