import { useComputed } from "@preact/signals";
import { messages } from "../messages.ts";
import type { LiveState } from "./live_state.ts";

const texts = messages.live.status;

/** Where the connection stands, said calmly, with the way out where there is one. */
export function Connection({ state, onRetry }: { state: LiveState; onRetry: () => void }) {
  const status = state.status.value;
  const text = useComputed(() => {
    const current = state.status.value;
    if (current.kind !== "waiting") return texts[current.kind];
    const ms = current.retryAt - Math.max(state.nowMs.value, 0);
    return texts.waiting(Math.max(1, Math.ceil(ms / 1000)));
  });
  return (
    <div class="status" data-kind={status.kind} data-testid="connection">
      <span class="status-dot" />
      <span role="status">{status.kind === "waiting" ? "" : text}</span>
      {status.kind === "waiting" && <span>{text}</span>}
      {status.kind === "waiting" && (
        <button type="button" class="button" onClick={onRetry}>{texts.retry}</button>
      )}
      {status.kind === "login_needed" && <a class="button" href="/login?next=/">{texts.login}</a>}
      {status.kind === "token_expired" && (
        <button
          type="button"
          class="button"
          onClick={() => location.reload()}
        >
          {texts.reload}
        </button>
      )}
    </div>
  );
}
