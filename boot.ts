import { type Clock, repeat, systemClock } from "./actors/clock.ts";
import { type DemoKeys, ensureDemoProject } from "./actors/control/demo_project.ts";
import { Login } from "./actors/control/login.ts";
import { Projects } from "./actors/control/projects.ts";
import { installationSecret, keyedHash } from "./actors/control/secret.ts";
import { Tokens } from "./actors/control/tokens.ts";
import { takeDataFolder } from "./actors/data_folder.ts";
import { LiveHub } from "./actors/live/hub.ts";
import { decodeOutbox } from "./actors/live/outbox.ts";
import { Metrics } from "./actors/metrics.ts";
import { ActorRuntime } from "./actors/runtime/actor_runtime.ts";
import { startAlarmSweeper } from "./actors/runtime/alarm_sweeper.ts";
import { startRetention } from "./actors/runtime/retention.ts";
import type { Turn } from "./actors/runtime/turn.ts";
import { DenoKvStore } from "./actors/stores/deno_kv.ts";
import { MemoryStore } from "./actors/stores/memory.ts";
import type { ActorStore } from "./actors/stores/port.ts";
import { DETECTORS } from "./engine/detectors/registry.ts";
import { DEFAULT_SETTINGS } from "./engine/settings.ts";
import { createApp, type PagesApp } from "./routes/app.ts";
import { RequestContextReader } from "./routes/ingest/request_context.ts";
import { pageParts } from "./routes/page_parts.ts";
import { StaticFiles } from "./routes/static_files.ts";
import type { Config } from "./schema/config.ts";

/** A composed server, not listening yet. */
export interface Snag {
  fetch: (request: Request) => Response | Promise<Response>;
  /** The demo project's keys, where there is one. */
  demo: DemoKeys | null;
  /** Path of a login link that works once. */
  loginPath: (project_id: string) => string;
  /** Sends live subscribers away, so that the server can finish its requests. */
  endLive: () => void;
  /** Finishes waiting mail, then closes what was opened. */
  close: () => Promise<void>;
  store: ActorStore;
  hub: LiveHub;
}

export interface BootOptions {
  config: Config;
  /** Folder of the built pages and SDK. */
  dist: string;
  clock?: Clock;
  onProblem?: (what: string, error: unknown) => void;
}

const METRICS_EVERY_MS = 1000;
const READY_CHECK_MS = 2000;

/** Reports a problem as one line of JSON, without anything that came from a client. */
export function logProblem(what: string, error: unknown) {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: "unknown" };
  const at = new Date().toISOString();
  console.error(JSON.stringify({ level: "error", at, what, error: `${name}: ${message}` }));
}

async function openStore(config: Config): Promise<{ store: ActorStore; release: () => void }> {
  const release = await takeDataFolder(config.data_dir);
  if (config.store === "memory") return { store: new MemoryStore(), release };
  const newEpoch = () => crypto.randomUUID().slice(0, 4);
  return { store: await DenoKvStore.open(`${config.data_dir}/actors.kv`, newEpoch), release };
}

async function loadPages(dist: string): Promise<PagesApp | null> {
  const url = new URL(`file://${await Deno.realPath(".")}/${dist}/pages.js`);
  try {
    await Deno.stat(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return (await import(url.href)).default as PagesApp;
}

/** The output gate: what a committed turn has for the world, in the order of seqs. */
function publisher(hub: LiveHub, metrics: Metrics): (turns: Turn[]) => void {
  return (turns) => {
    for (const { ref, write, effects } of turns) {
      if (effects.length === 0) continue;
      metrics.signals(ref.project_id, effects.filter(({ type }) => type === "signal").length);
      hub.publish(ref.project_id, write.outbox.map((entry) => decodeOutbox(entry)));
    }
  };
}

/** Whether a document can be committed, asked of the store at most every two seconds. */
function readiness(store: ActorStore, clock: Clock): () => Promise<boolean> {
  let checkedAt = -Infinity;
  let answer: Promise<boolean> = Promise.resolve(false);
  return () => {
    if (clock.now() - checkedAt < READY_CHECK_MS) return answer;
    checkedAt = clock.now();
    const timeout = Promise.withResolvers<boolean>();
    const cancel = clock.setTimeout(() => timeout.resolve(false), READY_CHECK_MS);
    const written = store.documents.put(["ready"], checkedAt).catch(() => false);
    answer = Promise.race([written, timeout.promise]).finally(cancel);
    return answer;
  };
}

/**
 * Puts the parts together: the only place that opens connections. What it opens, `close` closes.
 *
 * @throws {Deno.errors.Busy} when another process has the data folder
 */
export async function boot(options: BootOptions): Promise<Snag> {
  const { config, dist, clock = systemClock, onProblem = logProblem } = options;
  const { store, release } = await openStore(config);
  const projects = new Projects(store.documents, clock);
  const demo = await ensureDemoProject(projects, config.data_dir);
  const tokens = new Tokens(await installationSecret(store.documents, "signing"), clock);
  const maskingSecret = await installationSecret(store.documents, "masking");
  const login = new Login(projects, tokens, clock);
  const hub = new LiveHub(store.head());
  const metrics = new Metrics(clock.now());
  const runtime = new ActorRuntime({
    store,
    clock,
    newId: () => crypto.randomUUID(),
    settingsOf: () => DEFAULT_SETTINGS,
    onCommitted: publisher(hub, metrics),
    onProblem,
  });
  const stops = [
    startAlarmSweeper({ store, clock, wake: (due) => runtime.wake(due), onProblem }),
    startRetention({
      store,
      clock,
      projects: async () => (await projects.list()).map(({ project_id }) => project_id),
      onProblem,
    }),
    repeat(clock, METRICS_EVERY_MS, () => {
      for (const { project_id, point } of metrics.tick(clock.now())) {
        hub.publishMetrics(project_id, point);
      }
    }),
  ];
  const fetch = createApp({
    runtime,
    projects,
    tokens,
    metrics,
    clock,
    store,
    hub,
    hash: (value) => keyedHash(maskingSecret, value),
    contexts: new RequestContextReader(),
    viewer: (request) => login.viewer(request),
    parts: pageParts({ login, tokens, store, metrics, hub, demo, detectors: DETECTORS }),
    pages: await loadPages(dist),
    files: await StaticFiles.scan(dist),
    isReady: readiness(store, clock),
    onProblem,
  });
  return {
    fetch,
    demo,
    store,
    hub,
    loginPath: (projectId) => `/login?token=${login.makeLink(projectId)}`,
    endLive: () => hub.endAll(),
    async close() {
      await Promise.all(stops.map((stop) => stop()));
      await runtime.idle();
      await store.close();
      release();
    },
  };
}
