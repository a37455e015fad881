import { equal } from "node:assert/strict";
import type { LiveOutbound } from "../schema/live.ts";
import { formatMessage } from "./tail_format.ts";
import { createPaint } from "./terminal/paint.ts";

const plain = createPaint(false);
const AT = "2026-08-01T14:03:07.123Z";

function signal(data: Record<string, unknown> = {}): LiveOutbound {
  return {
    type: "signal",
    seq: "s1",
    at: AT,
    data: {
      id: "sig_1",
      kind: "rage_click",
      session_id: "ses_1",
      severity: "high",
      at: AT,
      explanation: "3 fast clicks on “#pay”.",
      event_id: "e1",
      evidence: {},
      url: "https://shop.example/checkout?step=2",
      selector: "#pay",
      ...data,
    },
  } as LiveOutbound;
}

Deno.test("a signal is one aligned line", () => {
  equal(
    formatMessage(signal(), plain, "UTC"),
    "14:03:07  ● high      rage_click        /checkout                 #pay                      " +
      "3 fast clicks on “#pay”.",
  );
  const other = { severity: "critical", kind: "x".repeat(40), url: undefined, selector: undefined };
  const lines = [signal(), signal(other)].map((s) => formatMessage(s, plain, "UTC") ?? "");
  equal(lines[0]?.indexOf("3 fast"), lines[1]?.indexOf("3 fast"));
  equal(lines[1]?.includes("◆ critical"), true);
});

Deno.test("a long selector keeps its end, and nothing of a page reaches the terminal raw", () => {
  const line = formatMessage(
    signal({ selector: "#a > " + "div > ".repeat(9) + "b.pay", explanation: "a\x1b[2Jb" }),
    plain,
    "UTC",
  );
  equal(line?.includes("…div > div > div > b.pay"), true, line);
  equal(line?.includes("a�[2Jb"), true);
});

Deno.test("sessions and metrics are one line, the rest says nothing", () => {
  const data = { id: "s", started_at: AT, ended_at: AT, events_count: 3, signals_count: 1 };
  equal(
    formatMessage(
      {
        type: "session_ended",
        seq: "1",
        at: AT,
        data: { ...data, user_id: "ann", entry_url: "/cart?x=1" },
      },
      plain,
      "UTC",
    ),
    "14:03:07  session ended: ann, 3 events, 1 signal, from /cart",
  );
  equal(formatMessage({ type: "pong" }, plain), undefined);
  equal(formatMessage({ type: "subscribed", topics: ["signals"], after: "1" }, plain), undefined);
});
