import type { ReplaySummary } from "./replay.ts";
import type { Paint } from "./terminal/paint.ts";

const number = (value: number) => value.toLocaleString("en");

/** A replay's summary for people: what was read, then the signals, most frequent first. */
export function formatSummary(summary: ReplaySummary, paint: Paint): string {
  const { events, users, sessions, rejected } = summary;
  const kinds = Object.entries(summary.signals);
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const rows: [string, number][] = [
    ["events", events],
    ["users", users],
    ["sessions", sessions],
    ["rejected", rejected],
    ["signals", total],
    ...kinds.map(([kind, count]): [string, number] => [`  ${kind}`, count]),
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const valueWidth = Math.max(...rows.map(([, value]) => number(value).length));
  return rows.map(([name, value]) => {
    const line = `${name.padEnd(nameWidth)}  ${number(value).padStart(valueWidth)}`;
    if (name === "rejected" && value > 0) return paint("yellow", line);
    if (name.startsWith("  ")) return line;
    return paint("bold", line);
  }).join("\n");
}

/** How many rejected lines are named; the rest is counted. */
const MAX_NAMED = 20;

/** Keeps the first rejected lines and counts all; they are written once the progress bar is gone. */
export function rejectionReport(write: (line: string) => void) {
  const named: string[] = [];
  let count = 0;
  return {
    add(line: number, problem: string): void {
      if (++count <= MAX_NAMED) named.push(`Line ${line} ${problem}`);
    },
    finish(): void {
      for (const line of named) write(line);
      if (count > MAX_NAMED) write(`… and ${number(count - MAX_NAMED)} more rejected lines`);
    },
  };
}
