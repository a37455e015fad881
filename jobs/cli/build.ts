import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const SOURCE_FOLDERS = ["routes", "islands", "sdk", "schema", "engine"];
const SOURCE_FILES = ["fresh.config.ts", "deno.json", "deno.lock"];
const SOURCE_NAME = /\.(ts|tsx|css)$/;
const TEST_NAME = /_test\.tsx?$/;

/** One run of Vite: its mode in `fresh.config.ts`, and the file it cannot do without. */
const PASSES = [
  { mode: "client", entry: "islands/client.ts" },
  { mode: "server", entry: "routes/pages_app.ts" },
  { mode: "sdk_script", entry: "sdk/script.ts" },
  { mode: "sdk_module", entry: "sdk/index.ts" },
];

/** What a build needs to know. */
export interface BuildOptions {
  /** The folder that `deno.json` is in. */
  root: string;
  /** Told one line per pass. */
  log(line: string): void;
  /** Build though nothing changed. */
  force?: boolean;
}

/**
 * Builds pages and SDK into `dist/` when their sources changed since the last build.
 *
 * @returns whether it built
 * @throws {Error} when a pass fails, with what Vite said; the next call builds again
 */
export async function buildIfStale({ root, log, force = false }: BuildOptions): Promise<boolean> {
  const hashFile = join(root, "dist", "build_hash");
  const hash = await hashSources(root);
  if (!force && await readIfThere(hashFile) === hash) return false;
  // Hashed names never collide, so those of former builds would pile up.
  await Deno.remove(join(root, "dist", "static"), { recursive: true }).catch(ignoreMissing);
  const vite = await viteSpecifier(root);
  for (const pass of PASSES) await runPass(root, vite, pass, log);
  const sdk = await Deno.readFile(join(root, "dist", "sdk.js")).catch(ignoreMissing);
  if (sdk) log(`build: dist/sdk.js is ${sdk.length} bytes, ${gzipSync(sdk).length} gzipped`);
  // The hash comes last and at once, so that a build that was cut short is done again.
  await Deno.writeTextFile(`${hashFile}.new`, hash);
  await Deno.rename(`${hashFile}.new`, hashFile);
  return true;
}

async function runPass(
  root: string,
  vite: string,
  { mode, entry }: { mode: string; entry: string },
  log: (line: string) => void,
): Promise<void> {
  if (await readIfThere(join(root, entry)) === undefined) {
    log(`build: ${mode} skipped, ${entry} does not exist`);
    return;
  }
  const started = performance.now();
  const { success, code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", vite, "build", "--config", "fresh.config.ts", "--mode", mode],
    cwd: root,
    env: { NODE_ENV: "production", NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`Build pass ${mode} failed with exit code ${code}:\n${said}`);
  log(`build: ${mode} ${Math.round(performance.now() - started)} ms`);
  if (said.trim()) log(said.trim());
}

/** The Vite of `deno.json`, so that its version stands in one place. */
async function viteSpecifier(root: string): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const specifier: unknown = imports?.vite;
  if (typeof specifier !== "string") throw new Error('deno.json lacks the import "vite"');
  return specifier;
}

async function hashSources(root: string): Promise<string> {
  const paths = SOURCE_FILES.map((name) => join(root, name));
  for (const folder of SOURCE_FOLDERS) await collectSources(join(root, folder), paths);
  const hash = createHash("sha256");
  for (const path of paths.sort()) {
    const text = await readIfThere(path);
    if (text !== undefined) hash.update(`${relative(root, path)}\0${text.length}\0${text}\0`);
  }
  return hash.digest("hex");
}

async function collectSources(folder: string, into: string[]): Promise<void> {
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory) await collectSources(path, into);
      else if (SOURCE_NAME.test(entry.name) && !TEST_NAME.test(entry.name)) into.push(path);
    }
  } catch (error) {
    ignoreMissing(error);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  const root = join(import.meta.dirname ?? ".", "..", "..");
  const built = await buildIfStale({
    root,
    log: (line) => console.log(line),
    force: Deno.args.includes("--force"),
  });
  if (!built) console.log("build: up to date");
}
