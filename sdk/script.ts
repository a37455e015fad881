import { createSnag, type Snag, type SnagOptions } from "./index.ts";

/** A call made before the script was there: the method's name, then its arguments. */
type QueuedCall = [method: string, ...args: unknown[]];
type SnagGlobal = Snag & { push(call: QueuedCall): void };

declare global {
  var snag: SnagGlobal | QueuedCall[] | undefined;
}

function optionsOf(script: HTMLScriptElement): SnagOptions {
  const { dataset } = script;
  return {
    key: dataset.key ?? "",
    host: dataset.host || new URL(script.src, location.href).origin,
    anonymousId: dataset.anonymousId,
    // Whatever else it says is no consent: it holds, like "pending".
    consent: dataset.consent as SnagOptions["consent"],
    respectDnt: dataset.respectDnt !== "false",
    captureText: (dataset.captureText ?? "false") !== "false",
    debug: dataset.debug !== undefined,
  };
}

function install(): void {
  const before = globalThis.snag;
  // A script that is there twice must not record everything twice.
  if (before && !Array.isArray(before)) return;
  const script = document.currentScript ?? document.querySelector("script[data-key]");
  if (!(script instanceof HTMLScriptElement)) return;
  const snag = createSnag(optionsOf(script));
  function push([method, ...args]: QueuedCall): void {
    const call: unknown = Object.hasOwn(snag, method) && snag[method as keyof Snag];
    if (typeof call === "function") call(...args);
  }
  globalThis.snag = { ...snag, push };
  before?.forEach(push);
}

try {
  install();
} catch {
  // Whatever the page did to its globals: it must not notice us.
}
