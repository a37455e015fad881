import { elementOf, isIgnored } from "./capture_clicks.ts";
import { selectorOf } from "./selector.ts";
import type { Page } from "./types.ts";

const MAX_NAME_CHARS = 100;

/** How a form or field is called; attributes, since a field may hide its form's properties. */
function nameOf(element: Element): string {
  const name = element.getAttribute("data-snag-id") || element.getAttribute("name") ||
    element.getAttribute("id");
  return (name || selectorOf(element)).slice(0, MAX_NAME_CHARS);
}

/** Beginning, failing and sending forms. Names only: what people type is never read. */
export function captureForms({ doc, emit, guard }: Page): void {
  let started = new WeakSet<Element>();

  function on(type: string, record: (form: Element, field: Element) => void): void {
    doc.addEventListener(
      type,
      guard((event: Event) => {
        const field = elementOf(event);
        const form = field?.closest("form");
        if (field && form && event.isTrusted && !isIgnored(event)) record(form, field);
      }),
      true,
    );
  }

  const start = (form: Element, field: Element) => {
    if (started.has(form)) return;
    started.add(form);
    emit("form_start", { form: nameOf(form), field: nameOf(field) });
  };
  on("input", start);
  on("change", start);
  on("invalid", (form, field) => emit("form_error", { form: nameOf(form), field: nameOf(field) }));
  on("submit", (form) => {
    started = new WeakSet();
    emit("form_submit", { form: nameOf(form) });
  });
}
