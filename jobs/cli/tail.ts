import { formatMessage } from "../tail_format.ts";
import { tail, TailError } from "../tail.ts";
import { parseTailCommand, type TailCommand } from "../tail_command.ts";
import { createPaint, wantsColor } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";

const HELP = `Prints friction as it happens.

Usage
  deno task tail [options]

Options
  --url URL         where the server is (http://127.0.0.1:8000)
  --key KEY         a read key; by default SNAG_READ_KEY, then the demo project's
  --topics LIST     signals, sessions, alerts, metrics (signals)
  --kind LIST       only these kinds, such as rage_click,error_click
  --severity LIST   only low, medium, high or critical
  --page LIST       only these paths; /checkout* is all below /checkout
  --user LIST       only these user ids
  --after SEQ       begins behind this message instead of now
  --json            prints each message as one line of JSON
  --help            prints this

Ctrl-C ends it.
`;

async function demoKey(): Promise<string> {
  const path = `${Deno.env.get("DATA_DIR") ?? ".data"}/demo_keys.json`;
  try {
    const { read_key } = JSON.parse(await Deno.readTextFile(path));
    if (typeof read_key === "string") return read_key;
  } catch {
    // Said below, with what to do.
  }
  throw new TailError(
    `No read key in ${path}: start the server once with "deno task start", ` +
      "or give a key with --key or SNAG_READ_KEY",
  );
}

/** Resolves after `ms`, or at once when the signal aborts. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}

async function follow(command: TailCommand, say: (text: string) => void): Promise<void> {
  const noColor = Deno.env.get("NO_COLOR");
  const paint = createPaint(wantsColor(Deno.stdout.isTerminal(), noColor));
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, stop);
  try {
    await tail({
      ...command,
      token: (command.key ?? Deno.env.get("SNAG_READ_KEY")) || await demoKey(),
    }, {
      signal: stopping.signal,
      onMessage(text, message) {
        if (command.json) {
          if (message?.type !== "pong") console.log(text);
          return;
        }
        if (message?.type === "subscribed") say(`Listening for ${message.topics.join(", ")}`);
        const line = message && formatMessage(message, paint);
        if (line !== undefined) console.log(line);
      },
      onStatus: say,
      wait,
      random: Math.random,
    });
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(name, stop);
  }
}

/** @returns the exit code: 0 when it was ended, 2 for what the caller can put right */
async function main(args: string[]): Promise<number> {
  const paint = createPaint(wantsColor(Deno.stderr.isTerminal(), Deno.env.get("NO_COLOR")));
  try {
    const command = parseTailCommand(args);
    if (command === "help") console.log(HELP);
    else await follow(command, (text) => console.error(paint("dim", printable(text))));
    return 0;
  } catch (error) {
    if (!(error instanceof TailError)) throw error;
    console.error(paint("red", printable(error.message)));
    return 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
