/** Longest selector that is made; ancestors are left out before the element itself is. */
export const MAX_SELECTOR_CHARS = 256;
const MAX_DEPTH = 6;
const MAX_CLASSES = 2;
const MAX_VALUE_CHARS = 100;

const ANCHOR_ATTRIBUTES = ["data-snag-id", "data-testid"];

/** What people click on, rather than the icon or the text inside it. */
const INTERACTIVE =
  "a,button,input,select,textarea,summary,label,[role=button],[role=link],[role=tab]," +
  "[role^=menuitem],[data-snag-id],[data-testid]";

/** Numbers of a render, letters and digits at random, and prefixes of UI kits and CSS tools. */
const GENERATED = /\d{3}|\d[a-z]+\d|[^\w-]|^[\d_-]|^(?:css|headlessui|mui|radix|rc|sc|svelte)-/i;
/** Classes that come and go with what the user does. */
const STATE =
  /^(?:is|has)-|(?:^|[-_])(?:activ|open|select|focus|hover|disabl|load|hid|collaps|expand|check|current|error|invalid|valid)(?:e|ed|ing|n|le|den|s)?$/i;

/** Whether an id will be the same after the next build. */
export function isStableId(id: string): boolean {
  return id.length <= MAX_VALUE_CHARS && id !== "" && !GENERATED.test(id);
}

/**
 * Whether a class will be the same after the next build, and while the page is used. People write
 * words of three letters and more; a random name in which no shorter one occurs is rare.
 */
export function isStableClass(name: string): boolean {
  return name.length <= 40 && !GENERATED.test(name) && !STATE.test(name) &&
    name.split(/[-_]+|(?=[A-Z])/).every((word) => /^[a-z]{3,}$/i.test(word));
}

/** The element that a click was meant for: the nearest interactive one around its target. */
export function interactiveTarget(element: Element): Element {
  return element.closest(INTERACTIVE) ?? element;
}

function anchorOf(element: Element): string | undefined {
  for (const name of ANCHOR_ATTRIBUTES) {
    const value = element.getAttribute(name);
    if (value) {
      return `[${name}="${value.slice(0, MAX_VALUE_CHARS).replace(/["\\]/g, "\\$&")}"]`;
    }
  }
  const id = element.getAttribute("id");
  return id && isStableId(id) ? `#${id}` : undefined;
}

function partOf(element: Element): string {
  const tag = element.tagName.toLowerCase();
  const classes = (element.getAttribute("class") ?? "").split(/\s+/).filter(isStableClass)
    .slice(0, MAX_CLASSES).map((name) => `.${name}`).join("");
  const sameTag = [...element.parentElement?.children ?? []]
    .filter((sibling) => sibling.tagName === element.tagName);
  const position = sameTag.length > 1 ? `:nth-of-type(${sameTag.indexOf(element) + 1})` : "";
  return tag + classes + position;
}

/**
 * A selector that names the element in the same way after the next build: by `data-snag-id`,
 * `data-testid` or an id that a person wrote, else as a short path below the nearest ancestor that
 * has one of these.
 */
export function selectorOf(element: Element): string {
  let selector = "";
  let node: Element | null = element;
  for (let depth = 0; node && depth < MAX_DEPTH; depth++) {
    const tag = node.tagName;
    if (selector && (tag === "BODY" || tag === "HTML")) break;
    const anchor = anchorOf(node);
    const longer = (anchor ?? partOf(node)) + (selector && ` > ${selector}`);
    if (longer.length > MAX_SELECTOR_CHARS) break;
    selector = longer;
    if (anchor) break;
    node = node.parentElement;
  }
  return selector || element.tagName.toLowerCase().slice(0, MAX_SELECTOR_CHARS);
}
