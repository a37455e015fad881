/** The server: environment, signals, launch. `deno task start` runs it with narrow permissions. */
import { boot, logProblem, type Snag } from "./boot.ts";
import { type Config, parseConfig } from "./schema/config.ts";

const FINISH_MS = 4000;

function printWelcome(snag: Snag, config: Config, origin: string) {
  console.log(`\n  Snag is running at ${origin}\n`);
  if (snag.demo) {
    const { project_id, write_key, read_key, admin_key } = snag.demo;
    console.log(`  Live page   ${origin}${snag.loginPath(project_id)}   (works once, 10 minutes)`);
    console.log(`  Demo shop   ${origin}/demo\n`);
    console.log(`  Project     ${project_id}   (keys are in ${config.data_dir}/demo_keys.json)`);
    console.log(`  Write key   ${write_key}`);
    console.log(`  Read key    ${read_key}`);
    console.log(`  Admin key   ${admin_key}\n`);
  }
}

async function serve(config: Config): Promise<void> {
  const snag = await boot({ config, dist: "dist" });
  // Written by the owner of the data folder, so that it never names another process.
  const pidFile = `${config.data_dir}/server.pid`;
  await Deno.writeTextFile(pidFile, `${Deno.pid}\n`);
  const server = Deno.serve({
    hostname: config.host,
    port: config.port,
    onListen: ({ hostname, port }) => {
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      printWelcome(snag, config, `http://${host}:${port}`);
    },
    onError: (error) => {
      logProblem("Request failed", error);
      return new Response("Internal error", { status: 500 });
    },
  }, snag.fetch);

  let isLeaving = false;
  const leave = async () => {
    if (isLeaving) return;
    isLeaving = true;
    const timer = setTimeout(() => Deno.exit(1), FINISH_MS);
    const finished = server.shutdown();
    snag.endLive();
    await finished;
    await Deno.remove(pidFile);
    await snag.close();
    clearTimeout(timer);
    Deno.exit(0);
  };
  Deno.addSignalListener("SIGINT", leave);
  Deno.addSignalListener("SIGTERM", leave);
  await server.finished;
}

if (import.meta.main) {
  try {
    await serve(parseConfig((name) => Deno.env.get(name)));
  } catch (error) {
    if (error instanceof Deno.errors.Busy || error instanceof RangeError) {
      console.error(error.message);
    } else if (error instanceof Deno.errors.AddrInUse) {
      console.error("The address is in use by another program; set PORT to a free port");
    } else logProblem("Snag could not start", error);
    Deno.exit(1);
  }
}
