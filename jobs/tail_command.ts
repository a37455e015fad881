import { parseArgs } from "node:util";
import { type LiveFilter, type Topic, topicSchema } from "../schema/live.ts";
import { severitySchema } from "../schema/signal.ts";
import { TailError } from "./tail.ts";

/** What a command line of `deno task tail` asks for. */
export interface TailCommand {
  url: string;
  key?: string;
  topics: Topic[];
  filter?: LiveFilter;
  after?: string;
  json: boolean;
}

const list = (text: string | undefined) =>
  text?.split(",").map((part) => part.trim()).filter((part) => part !== "");

/** Parts of a comma-separated option, each one of those a schema knows. */
function choices<T extends string>(
  option: string,
  text: string | undefined,
  schema: { options: readonly T[] },
): T[] | undefined {
  const parts = list(text);
  const unknown = parts?.find((part) => !(schema.options as readonly string[]).includes(part));
  if (unknown !== undefined) {
    throw new TailError(`Unknown ${option} "${unknown}": there is ${schema.options.join(", ")}`);
  }
  return parts?.length ? parts as T[] : undefined;
}

/** @throws {TailError} that says what is wrong with the arguments */
export function parseTailCommand(args: string[]): TailCommand | "help" {
  const text = { type: "string" } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        url: { ...text, default: "http://127.0.0.1:8000" },
        key: text,
        topics: { ...text, default: "signals" },
        kind: text,
        severity: text,
        page: text,
        user: text,
        after: text,
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new TailError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return "help";
  const filter: LiveFilter = {
    kind: list(values.kind),
    severity: choices("severity", values.severity, severitySchema),
    page: list(values.page),
    user_id: list(values.user),
  };
  return {
    url: values.url,
    key: values.key,
    topics: choices("topic", values.topics, topicSchema) ?? ["signals"],
    filter: Object.values(filter).some((value) => value?.length) ? filter : undefined,
    after: values.after,
    json: values.json,
  };
}
