import type { Signal } from "../../schema/signal.ts";

/** A trouble spot of the demo shop. */
export interface Try {
  name: "pay" | "form" | "card" | "later" | "slow" | "coupon";
  /** The step of the shop that it is on. */
  path: string;
  /** The element's id. */
  target: string;
  testId: string;
}

/** The things to try, the quickest first. */
export const TRIES: readonly Try[] = [
  { name: "pay", path: "/demo/checkout", target: "pay-now", testId: "dead-button" },
  { name: "card", path: "/demo/checkout", target: "pay-card", testId: "broken-button" },
  { name: "form", path: "/demo/checkout", target: "use-address", testId: "failing-form" },
  { name: "slow", path: "/demo/checkout", target: "check-date", testId: "slow-button" },
  { name: "later", path: "/demo/checkout", target: "pay-later", testId: "failing-button" },
  { name: "coupon", path: "/demo/bag", target: "apply-coupon", testId: "dead-coupon" },
];

/** Which of the tries a signal is about, by the element that it names. */
export function tryOf(signal: Pick<Signal, "selector">): Try["name"] | undefined {
  const { selector } = signal;
  if (!selector) return undefined;
  return TRIES.find((one) => selector.includes(one.target) || selector.includes(one.testId))?.name;
}
