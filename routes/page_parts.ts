import type { DemoKeys } from "../actors/control/demo_project.ts";
import type { Login } from "../actors/control/login.ts";
import type { Tokens } from "../actors/control/tokens.ts";
import type { LiveHub } from "../actors/live/hub.ts";
import { decodeOutbox } from "../actors/live/outbox.ts";
import type { Metrics } from "../actors/metrics.ts";
import type { ActorStore } from "../actors/stores/port.ts";
import type { LiveSnapshot, PageParts } from "./parts.ts";

const SNAPSHOT_SIGNALS = 100;
/** How far back in the outbox a snapshot looks for its signals. */
const SNAPSHOT_MESSAGES = 2000;

/** What pages may call, made from the server's parts. */
export function pageParts(deps: {
  login: Login;
  tokens: Tokens;
  store: ActorStore;
  metrics: Metrics;
  hub: LiveHub;
  demo: DemoKeys | null;
  detectors: readonly { kind: string; title: string }[];
}): PageParts {
  const { login, tokens, store, metrics, hub, demo } = deps;
  async function snapshot(projectId: string): Promise<LiveSnapshot> {
    // Taken before the reading, so that nothing lies between the page and the stream.
    const after = hub.lastSeq(projectId);
    const entries = await store.readLog("outbox", projectId, {
      limit: SNAPSHOT_MESSAGES,
      reverse: true,
    });
    const signals: LiveSnapshot["signals"] = [];
    for (const entry of entries) {
      const { origin: _, ...message } = decodeOutbox(entry);
      if (message.type === "signal" && message.seq <= after) signals.push(message);
      if (signals.length >= SNAPSHOT_SIGNALS) break;
    }
    return { signals, metrics: metrics.history(projectId), after };
  }
  return {
    viewer: (request) => login.viewer(request),
    login: (secret) => login.enter(secret),
    logoutCookie: () => login.logoutCookie(),
    snapshot,
    issueLiveToken: (project_id, { topics, filter, ttl_s }) =>
      tokens.issueLive({ project_id, topics, filter }, ttl_s),
    demo: demo && { project_id: demo.project_id, write_key: demo.write_key },
    detectors: deps.detectors.map(({ kind, title }) => ({ kind, title })),
  };
}
