/**
 * `deno task start`: builds the pages where their sources changed, then runs the server with no
 * more rights than it needs. With `--dev` it does both again whenever a source changes.
 */
import { type Config, CONFIG_VARIABLES, parseConfig } from "../../schema/config.ts";
import { buildIfStale } from "./build.ts";

const ROOT = new URL("../../", import.meta.url).pathname.replace(/\/$/, "");
const WATCHED = ["routes", "islands", "engine", "actors", "schema", "sdk", "boot.ts", "main.ts"];
const SETTLE_MS = 200;

/** What the server may do: nothing but its address, its folders and its variables. */
export function permissions(config: Config): string[] {
  const address = config.host.includes(":") ? `[${config.host}]` : config.host;
  const net = config.port === 0 ? address : `${address}:${config.port}`;
  return [
    "--no-prompt",
    `--allow-net=${net}`,
    `--allow-env=${CONFIG_VARIABLES.join(",")}`,
    `--allow-read=.,${config.data_dir}`,
    `--allow-write=${config.data_dir}`,
  ];
}

function spawnServer(config: Config): Deno.ChildProcess {
  const args = ["run", ...permissions(config), `${ROOT}/main.ts`];
  return new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" }).spawn();
}

async function runOnce(config: Config): Promise<number> {
  await Deno.mkdir(config.data_dir, { recursive: true, mode: 0o700 });
  const server = spawnServer(config);
  const pass = (signal: Deno.Signal) => () => {
    try {
      server.kill(signal);
    } catch {
      // It has left already.
    }
  };
  Deno.addSignalListener("SIGINT", pass("SIGINT"));
  Deno.addSignalListener("SIGTERM", pass("SIGTERM"));
  return (await server.status).code;
}

/** Resolves once a source has changed and no more changes came for a moment. */
async function sourceChange(): Promise<void> {
  const watcher = Deno.watchFs(WATCHED.map((name) => `${ROOT}/${name}`));
  for await (const _ of watcher) break;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function develop(config: Config) {
  while (true) {
    try {
      await buildIfStale({ root: ROOT, log: console.log });
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      await sourceChange();
      continue;
    }
    const server = spawnServer(config);
    await Promise.race([sourceChange(), server.status]);
    console.log("A source changed; starting again");
    try {
      server.kill("SIGTERM");
    } catch {
      // It ended by itself, and said why.
      await sourceChange();
    }
    await server.status;
  }
}

if (import.meta.main) {
  try {
    Deno.chdir(ROOT);
    const config = parseConfig((name) => Deno.env.get(name));
    if (Deno.args.includes("--dev")) await develop(config);
    await buildIfStale({ root: ROOT, log: console.log });
    Deno.exit(await runOnce(config));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
