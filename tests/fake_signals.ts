import type { LiveSnapshot } from "../routes/parts.ts";
import type { MetricsPoint } from "../schema/live.ts";
import type { Signal } from "../schema/signal.ts";

type SignalMessage = LiveSnapshot["signals"][number];
type Sample = Pick<Signal, "kind" | "severity" | "url" | "selector" | "explanation" | "evidence">;

/** Titles as the real detectors would give them. */
export const FAKE_DETECTORS = [
  { kind: "rage_click", title: "Rage click" },
  { kind: "error_click", title: "Error click" },
];

const SHOP = "https://shop.example";

const SAMPLES: Sample[] = [
  {
    kind: "rage_click",
    severity: "high",
    url: `${SHOP}/checkout`,
    selector: 'button[data-testid="pay-now"]',
    explanation:
      "Someone clicked “Pay now” 6 times in 1.4 s and nothing happened. Check whether the button does its work, and show that it does.",
    evidence: { clicks: 6, span_ms: 1420, distance_px: 4.2 },
  },
  {
    kind: "error_click",
    severity: "critical",
    url: `${SHOP}/checkout/payment?step=3`,
    selector: "form#card > button.submit",
    explanation:
      "A click on “Place order” was followed by an error within 84 ms. Open the error and fix the handler of this button.",
    evidence: { delay_ms: 84, message: "Cannot read properties of undefined (reading 'last4')" },
  },
  {
    kind: "rage_click",
    severity: "medium",
    url: `${SHOP}/search?q=gooseneck+kettle`,
    selector: "nav.filters label:nth-of-type(4)",
    explanation:
      "Someone clicked a filter 3 times in 0.8 s. Make the change visible sooner, or disable the filter while it loads.",
    evidence: { clicks: 3, span_ms: 803, distance_px: 2 },
  },
  {
    kind: "error_click",
    severity: "low",
    url: `${SHOP}/account/orders/48213`,
    explanation:
      "A click was followed by an error that left the page usable. Read the error when there is time.",
    evidence: { delay_ms: 611, message: "ResizeObserver loop limit exceeded" },
  },
];

/** A seeded generator of numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One believable signal; `n` chooses which, and makes its ids. */
export function fakeSignal(n: number, atMs: number, fields: Partial<Signal> = {}): SignalMessage {
  const sample = SAMPLES[n % SAMPLES.length];
  if (!sample) throw new RangeError(`There is no sample ${n}`);
  const at = new Date(atMs).toISOString();
  return {
    type: "signal",
    seq: `seq-${n}`,
    at,
    data: {
      ...sample,
      id: `sig_${n}`,
      at,
      session_id: `ses_01j9${(n * 7919).toString(36).padStart(8, "0")}`,
      anonymous_id: `visitor-${n % 37}`,
      user_id: n % 3 === 0 ? `user-${1000 + n % 50}` : undefined,
      event_id: `0192f3a1-7c00-7000-8000-${String(n).padStart(12, "0")}`,
      ...fields,
    },
  };
}

/** 300 points of a busy shop, or of a flood. */
export function fakeMetrics(nowMs: number, scale: number, count = 300): MetricsPoint[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, index) => {
    const wave = 1 + 0.35 * Math.sin(index / 23) + 0.15 * Math.sin(index / 7);
    return {
      at: new Date(nowMs - (count - index) * 1000).toISOString(),
      events_per_s: Math.round(scale * wave * (0.85 + random() * 0.3)),
      signals_per_min: Math.round(scale * 0.32 * wave),
      active_sessions: Math.round(scale * 6.1 * (1 + index / 3000)),
      rejected_per_min: index > 240 && scale > 100 ? 3 : 0,
    };
  });
}
