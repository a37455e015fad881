import { basename } from "node:path";
import { parseArgs } from "node:util";
import { DEFAULT_SETTINGS } from "../../engine/settings.ts";
import { step } from "../../engine/step.ts";
import { replay, type ReplaySummary } from "../replay.ts";
import { formatOfName, readFileBytes } from "../replay_file.ts";
import { type Mapping, MappingError, parseMapping } from "../replay_mapping.ts";
import { formatSummary, rejectionReport } from "../replay_report.ts";
import { UnreadableFileError } from "../replay_rows.ts";
import { createPaint, wantsColor } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { startProgress } from "../terminal/progress.ts";

const HELP = `Runs stored events through the engine and prints the friction it finds.

Usage
  deno task replay --input FILE --map FIELD=COLUMN,… [--json]

Options
  --input FILE   CSV with a header line or NDJSON, gzipped or not
  --map LIST     which column holds which field: user_id, anonymous_id, session_id, event,
                 timestamp, received_at; needs event, timestamp and an id
  --json         prints { events, users, sessions, signals, rejected } as JSON
  --help         prints this

Times are ISO 8601 (UTC unless they say otherwise) or epoch milliseconds or seconds. Columns that
are not mapped become properties. Without received_at every row counts as received at its own time.

Example
  deno task replay --input events.csv.gz --map user_id=user,event=name,timestamp=time
`;

/** The command line cannot be followed; the message says what to change. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

interface Command {
  input: string;
  mapping: Mapping;
  json: boolean;
}

function parseCommand(args: string[]): Command | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        input: { type: "string" },
        map: { type: "string", multiple: true },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return "help";
  if (!values.input) throw new UsageError("Missing --input FILE: name a CSV or NDJSON file");
  if (!values.map) {
    throw new UsageError(
      "Missing --map: say which columns hold the events, " +
        "such as --map user_id=COLUMN,event=COLUMN,timestamp=COLUMN",
    );
  }
  return { input: values.input, mapping: parseMapping(values.map.join(",")), json: values.json };
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    const file = await Deno.open(path);
    if ((await file.stat()).isFile) return file;
    file.close();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(`No file "${path}": check the path given to --input`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UsageError(`The file "${path}" may not be read: check its permissions`);
    }
    throw error;
  }
  throw new UsageError(`"${path}" is not a file: --input takes one CSV or NDJSON file`);
}

async function replayFile(
  { input, mapping }: Command,
  warn: (line: string) => void,
): Promise<ReplaySummary> {
  const file = await openFile(input);
  const progress = startProgress((await file.stat()).size, Deno.stderr.isTerminal());
  const rejections = rejectionReport(warn);
  let rows = 0;
  try {
    return await replay(readFileBytes(file.readable, (bytes) => progress.update(bytes, rows)), {
      name: basename(input),
      format: formatOfName(input),
      mapping,
      step: (...args) => {
        if (args[1].type === "event") rows++;
        return step(...args);
      },
      settings: { ...DEFAULT_SETTINGS, clamp: false },
      onRejected: rejections.add,
    });
  } finally {
    progress.stop();
    rejections.finish();
  }
}

/** @returns the exit code: 0, 1 for a file that breaks off, 2 for what the caller can put right */
async function main(args: string[]): Promise<number> {
  const noColor = Deno.env.get("NO_COLOR");
  const complain = createPaint(wantsColor(Deno.stderr.isTerminal(), noColor));
  const warn = (line: string) => console.error(complain("yellow", printable(line)));
  try {
    const command = parseCommand(args);
    if (command === "help") {
      console.log(HELP);
      return 0;
    }
    const summary = await replayFile(command, warn);
    const paint = createPaint(wantsColor(Deno.stdout.isTerminal(), noColor));
    console.log(command.json ? JSON.stringify(summary) : formatSummary(summary, paint));
    return 0;
  } catch (error) {
    const isCallers = error instanceof UsageError || error instanceof MappingError ||
      error instanceof UnreadableFileError;
    const message = error instanceof Error ? error.message : String(error);
    console.error(complain("red", printable(isCallers ? message : `Replay failed: ${message}`)));
    if (error instanceof UsageError) console.error("See deno task replay --help");
    return isCallers ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
