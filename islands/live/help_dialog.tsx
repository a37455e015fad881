import { useEffect, useRef } from "preact/hooks";
import { messages } from "../messages.ts";
import type { LiveState } from "./live_state.ts";

const texts = messages.help;

/** The keyboard shortcuts. */
export function HelpDialog({ state }: { state: LiveState }) {
  const ref = useRef<HTMLDialogElement>(null);
  const open = state.help.value;
  useEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      class="help"
      aria-labelledby="help-title"
      onClose={() => state.help.value = false}
    >
      <h2 id="help-title">{texts.title}</h2>
      <dl>
        {texts.keys.map(([key, text]) => [
          <dt key={key}>
            <kbd>{key}</kbd>
          </dt>,
          <dd key={text}>{text}</dd>,
        ])}
      </dl>
      <button type="button" class="button" onClick={() => state.help.value = false}>
        {texts.close}
      </button>
    </dialog>
  );
}
