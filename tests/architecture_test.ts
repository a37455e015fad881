import { deepEqual, equal, ok } from "node:assert/strict";
import { importsOf, readSources, type Source } from "./fixtures/sources.ts";

/** Which folders a folder may import from, beside itself. DESIGN, section 2. */
const MAY_IMPORT: Record<string, string[]> = {
  schema: [],
  engine: ["schema"],
  actors: ["schema", "engine"],
  history: ["schema", "engine"],
  routes: ["schema", "engine", "actors", "history", "islands"],
  jobs: ["schema", "engine", "actors", "history"],
  islands: ["schema"],
  sdk: ["schema", "engine"],
  "jobs/cli": ["schema", "engine", "actors", "history", "jobs", "boot.ts", "main.ts"],
  "boot.ts": ["schema", "engine", "actors", "history", "routes", "jobs"],
  "main.ts": ["schema", "engine", "actors", "history", "routes", "jobs", "boot.ts"],
  "fresh.config.ts": ["schema"],
};

/** Files that may import anything, and that nothing else may import. */
function isTest(path: string): boolean {
  return /^(?:tests|bench)\/|_test\.tsx?$|(?:^|\/)contract_\w+\.ts$/.test(path);
}

function layerOf(path: string): string {
  if (path.startsWith("jobs/cli/")) return "jobs/cli";
  return path.split("/")[0] as string;
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** What one layer may take of another less than all of it. */
function narrowing(from: string, to: string, isType: boolean): string | undefined {
  const [layer, target] = [layerOf(from), layerOf(to)];
  if (layer === "islands" && target === "schema" && !isType) {
    return "islands take only types of schema";
  }
  if (layer === "sdk" && target === "schema" && !isType) return "sdk takes only types of schema";
  if (layer === "sdk" && target === "engine" && !to.startsWith("engine/detectors/") && !isType) {
    return "sdk takes only the detectors of engine";
  }
  if (target === "islands" && layer === "routes" && !from.endsWith("x") && !isType) {
    return "only pages take islands";
  }
}

function importProblems({ path, text }: Source): string[] {
  if (isTest(path)) return [];
  const layer = layerOf(path);
  const allowed = MAY_IMPORT[layer];
  if (!allowed) return [`${path} is in no layer that the design knows`];
  return importsOf(text).flatMap(({ specifier, isType }) => {
    if (!specifier.startsWith(".")) {
      const isPure = layer === "engine";
      return isPure ? [`${path} imports ${specifier}, but engine imports no packages`] : [];
    }
    const target = resolve(path, specifier);
    if (isTest(target)) return [`${path} imports ${target}, which is for tests`];
    const other = layerOf(target);
    if (other !== layer && !allowed.includes(other)) {
      return [`${path} imports ${target}, against the direction of the design`];
    }
    const problem = narrowing(path, target, isType);
    return problem ? [`${path} imports ${target}: ${problem}`] : [];
  });
}

const IMPURE =
  /\bDate\.now|\bnew Date\(\)|\bMath\.random|\bDeno\.|\bperformance\.|\bprocess\.|\bfetch\(|\blocalStorage\b|\bcrypto\.|\bsetTimeout\b/;
const OPENS_KV = /\bDeno\.openKv\b/;

function contentProblems({ path, code }: Source): string[] {
  if (isTest(path)) return [];
  const problems: string[] = [];
  const impure = layerOf(path) === "engine" ? code.match(IMPURE)?.[0] : undefined;
  if (impure) problems.push(`${path} mentions ${impure}, but engine is pure`);
  if (OPENS_KV.test(code) && path !== "boot.ts" && !path.startsWith("actors/stores/")) {
    problems.push(`${path} opens a database; only boot.ts and stores do`);
  }
  return problems;
}

function problems(source: Source): string[] {
  return [...importProblems(source), ...contentProblems(source)];
}

function synthetic(path: string, text: string): string[] {
  return problems({ path, text, code: text });
}

Deno.test("imports go downhill, the engine is pure, and few open a database", async () => {
  const sources = await readSources();
  ok(sources.length > 50, "the sources were found");
  deepEqual(sources.flatMap(problems), []);
});

const VIOLATIONS: [path: string, text: string][] = [
  ["schema/a.ts", 'import { b } from "../engine/b.ts";'],
  ["engine/a.ts", 'import { b } from "../actors/b.ts";'],
  ["engine/a.ts", 'import type { B } from "../actors/b.ts";'],
  ["engine/a.ts", 'import { z } from "zod";'],
  ["engine/a.ts", 'import { createHash } from "node:crypto";'],
  ["engine/a.ts", "const at = Date.now();"],
  ["engine/a.ts", "const x = Math.random();"],
  ["engine/a.ts", "const { env } = Deno.env;"],
  ["engine/a.ts", "await fetch(url);"],
  ["engine/detectors/a.ts", 'import { b } from "../../routes/b.ts";'],
  ["actors/a.ts", 'import { b } from "../routes/b.ts";'],
  ["actors/a.ts", 'import { b } from "../history/b.ts";'],
  ["actors/a.ts", 'export * from "../boot.ts";'],
  ["history/a.ts", 'import { b } from "../actors/b.ts";'],
  ["routes/a.ts", 'import { b } from "../jobs/b.ts";'],
  ["routes/v1/a.ts", 'const b = await import("../../boot.ts");'],
  ["jobs/a.ts", 'import { b } from "../routes/b.ts";'],
  ["jobs/a.ts", 'import { b } from "../boot.ts";'],
  ["islands/a.tsx", 'import { b } from "../engine/b.ts";'],
  ["islands/a.tsx", 'import { b } from "../schema/b.ts";'],
  ["islands/a.tsx", 'import type { B } from "../actors/b.ts";'],
  ["sdk/a.ts", 'import { step } from "../engine/step.ts";'],
  ["sdk/a.ts", 'import { b } from "../schema/b.ts";'],
  ["sdk/a.ts", 'import { b } from "../islands/b.ts";'],
  ["boot.ts", 'import { b } from "./main.ts";'],
  ["boot.ts", 'import { b } from "./tests/fixtures/b.ts";'],
  ["actors/a.ts", 'import { b } from "./a_test.ts";'],
  ["jobs/a.ts", 'import { b } from "../bench/b.ts";'],
  ["actors/control/a.ts", "const kv = await Deno.openKv();"],
  ["elsewhere/a.ts", "export const a = 1;"],
];

Deno.test("each kind of violation is found", () => {
  for (const [path, text] of VIOLATIONS) {
    equal(synthetic(path, text).length, 1, `${path}: ${text}`);
  }
});

const FINE: [path: string, text: string][] = [
  ["engine/a.ts", 'import { LIMITS } from "../schema/limits.ts";'],
  ["engine/detectors/a.ts", 'import { hash64 } from "../hash.ts";'],
  ["engine/a_test.ts", 'import { b } from "../tests/fixtures/b.ts"; Date.now();'],
  ["actors/stores/contract_a.ts", 'import { b } from "../../tests/fixtures/b.ts";'],
  ["actors/stores/a.ts", "const kv = await Deno.openKv();"],
  ["routes/a.tsx", 'import B from "../islands/b.tsx";'],
  ["islands/a.tsx", 'import type { B } from "../schema/b.ts";'],
  ["sdk/a.ts", 'import { rageClick } from "../engine/detectors/rage_click.ts";'],
  ["jobs/cli/a.ts", 'import { boot } from "../../boot.ts";'],
  ["main.ts", 'import { boot } from "./boot.ts";'],
];

Deno.test("what the design allows is not a violation", () => {
  for (const [path, text] of FINE) deepEqual(synthetic(path, text), []);
});

Deno.test("imports are read in all their forms", () => {
  const text = `
    import a, { type B } from "./a.ts";
    import type { C } from "./c.ts";
    import "./d.ts";
    import {
      e,
      f,
    } from "./e.ts";
    export { g } from './g.ts';
    export type { H } from "./h.ts";
    export * as i from "./i.ts";
    const j = await import("./j.ts");
    import { type K, type L } from "./k.ts";
    type M = import("./m.ts").M;
    // import { no } from "./comment.ts";
  `;
  deepEqual(
    importsOf(text).map(({ specifier, isType }) => `${specifier}${isType ? " type" : ""}`).sort(),
    [
      "./a.ts",
      "./c.ts type",
      "./d.ts",
      "./e.ts",
      "./g.ts",
      "./h.ts type",
      "./i.ts",
      "./j.ts",
      "./k.ts type",
      "./m.ts",
    ],
  );
});
