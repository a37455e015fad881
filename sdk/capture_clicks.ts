import { redactEmails } from "./redact.ts";
import { interactiveTarget, selectorOf } from "./selector.ts";
import type { Page } from "./types.ts";

const MAX_TEXT_CHARS = 64;
const TYPED = "input,textarea,select,[contenteditable],[data-snag-mask]";
/** A browser clicks a label's control itself, right behind the click on the label. */
const LABEL_CLICK_MS = 50;

/** The element under an event, also inside an open shadow tree. */
export function elementOf(event: Event): Element | undefined {
  const target = event.composedPath()[0] ?? event.target;
  return target instanceof Element ? target : undefined;
}

/** Whether the page asked to leave this part of it alone. */
export function isIgnored(event: Event): boolean {
  return event.composedPath().some((node) =>
    node instanceof Element && node.hasAttribute("data-snag-ignore")
  );
}

/** The words on an element, unless something in or around it may hold what people typed. */
function textOf(element: Element): string | undefined {
  if (element.closest(TYPED) || element.querySelector(TYPED)) return undefined;
  const text = redactEmails((element.textContent ?? "").replace(/\s+/g, " ").trim());
  return text.slice(0, MAX_TEXT_CHARS) || undefined;
}

/** Clicks of people; clicks made by scripts are not. */
export function captureClicks({ win, doc, emit, guard }: Page, captureText: boolean): void {
  const selection = () => String(doc.getSelection() ?? "");
  let selectedBefore = "";
  let hasScrolled = false;
  let lastTarget: Element | undefined;
  let lastTime = -Infinity;

  /** Clicking a control again and again may select words around it: that is not reading. */
  function hasSelectedText(element: Element, target: Element): boolean {
    const selected = selection();
    return selected !== "" && selected !== selectedBefore &&
      target.matches(":not(a,button,[role])") &&
      win.getComputedStyle(element).cursor !== "pointer";
  }

  function isLabelsOwn(element: Element, time: number): boolean {
    const labels = (element as HTMLInputElement).labels;
    return !!labels && !!lastTarget && time - lastTime < LABEL_CLICK_MS &&
      [...labels].some((label) => label.contains(lastTarget as Element) && element !== lastTarget);
  }

  const passive = { capture: true, passive: true };
  doc.addEventListener("scroll", () => hasScrolled = true, passive);
  doc.addEventListener(
    "pointerdown",
    guard(() => {
      hasScrolled = false;
      selectedBefore = selection();
    }),
    passive,
  );
  doc.addEventListener(
    "click",
    guard((event: MouseEvent) => {
      const element = elementOf(event);
      if (!element || !event.isTrusted || isIgnored(event)) return;
      if (isLabelsOwn(element, event.timeStamp)) return;
      lastTarget = element;
      lastTime = event.timeStamp;
      const target = interactiveTarget(element);
      const box = target.getBoundingClientRect();
      // The keyboard clicks without a place: the middle of the element stands for it.
      const isKeyboard = event.detail === 0;
      const x = isKeyboard ? box.x + box.width / 2 + win.scrollX : event.pageX;
      const y = isKeyboard ? box.y + box.height / 2 + win.scrollY : event.pageY;
      const role = target.getAttribute("role");
      const isTextWanted = captureText || target.closest("[data-snag-text]");
      const text = isTextWanted ? textOf(target) : undefined;
      emit("click", {
        x: Math.round(x),
        y: Math.round(y),
        selector: selectorOf(target),
        tag: target.tagName.toLowerCase(),
        ...(role && { role }),
        ...(text && { text }),
        ...(hasSelectedText(element, target) && { selected_text: true }),
        ...(hasScrolled && { scrolled: true }),
      }, true);
    }),
    true,
  );
}
