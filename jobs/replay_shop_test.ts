import { deepEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DEFAULT_SETTINGS } from "../engine/settings.ts";
import { step } from "../engine/step.ts";
import { replay } from "./replay.ts";
import { parseMapping } from "./replay_mapping.ts";

const FILE = new URL("../../shared/data/ecom_events.csv.gz", import.meta.url);
const isThere = existsSync(FILE);
if (!isThere) console.log("Skipped: replay of ecom_events.csv.gz, which is not here");

const SHOP = { events: 31106, users: 600, sessions: 3605, rejected: 0 };
const MAX_DELAY_MS = 10 * 60_000;

async function replayShop(text: string, map: string) {
  const { signals: _, ...counts } = await replay(
    ReadableStream.from([new TextEncoder().encode(text)]),
    {
      name: "shop.csv",
      mapping: parseMapping(map),
      step,
      settings: { ...DEFAULT_SETTINGS, clamp: false },
    },
  );
  return counts;
}

const MAP = "user_id=user_id,event=event,timestamp=timestamp";

Deno.test({
  name: "the shop's sessions are those its labels name",
  ignore: !isThere,
  fn: async () => {
    deepEqual(await replayShop(gunzipSync(readFileSync(FILE)).toString(), MAP), SHOP);
  },
});

/** Uniform in 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

function delayed(text: string, seed: number): string {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const next = random(seed);
  const timeAt = header.split(",").indexOf("timestamp");
  const rows = lines.map((line) => {
    const at = Date.parse(`${line.split(",")[timeAt]?.replace(" ", "T")}Z`);
    return { line, receivedAt: Math.floor(at + next() * MAX_DELAY_MS) };
  }).sort((a, b) => a.receivedAt - b.receivedAt);
  return [`${header},received`, ...rows.map((row) => `${row.line},${row.receivedAt}`)].join("\n");
}

for (let seed = 1; seed <= 10; seed++) {
  Deno.test({
    name: `the shop's sessions stay the same when receipt is delayed at random (seed ${seed})`,
    ignore: !isThere,
    fn: async () => {
      const text = delayed(gunzipSync(readFileSync(FILE)).toString(), seed);
      deepEqual(await replayShop(text, `${MAP},received_at=received`), SHOP);
      deepEqual(await replayShop(text, MAP), SHOP, "and when nothing tells the receipt");
    },
  });
}
