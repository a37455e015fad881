import type { Severity } from "../../schema/signal.ts";
import { messages } from "../messages.ts";

/** One shape each, so that colour never stands alone. */
const SHAPES: Record<Severity, string> = {
  low: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Zm0 1.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4Z",
  medium: "M8 2.2 14.6 13.6H1.4Z",
  high: "M8 1.2 14.8 8 8 14.8 1.2 8Z",
  critical: "M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2Zm1.9 3v5h1.8V4Zm0 6.2V12h1.8v-1.8Z",
};

/** A severity as colour, shape and word. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span class="severity" data-severity={severity}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[severity]} fill="currentColor" fill-rule="evenodd" />
      </svg>
      {messages.severity[severity]}
    </span>
  );
}
