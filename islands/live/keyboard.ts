/** What the keys of the live page do. */
export interface KeyActions {
  search(): void;
  move(step: 1 | -1): void;
  showNew(): void;
  back(): void;
  help(): void;
}

/** Listens for the shortcuts; a key typed into a field is text. Returns the end of it. */
export function bindKeys(actions: KeyActions): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const typing = target?.matches("input, textarea, select, [contenteditable]") ?? false;
    if (target?.closest("dialog")) return;
    if (event.key === "Escape") return actions.back();
    if (typing) return;
    const action = {
      "/": () => actions.search(),
      j: () => actions.move(1),
      k: () => actions.move(-1),
      n: () => actions.showNew(),
      "?": () => actions.help(),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
