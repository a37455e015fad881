import type { Detector } from "../types.ts";
import { errorClick } from "./error_click.ts";
import { rageClick } from "./rage_click.ts";

/** A detector whose state and thresholds are its own business. */
// deno-lint-ignore no-explicit-any -- each detector narrows its own state and options
export type AnyDetector = Detector<any, any>;

/** Every detector, in the order in which they see an event. One line each. */
export const DETECTORS: readonly AnyDetector[] = [
  rageClick,
  errorClick,
];
