import { deepEqual, equal, ok } from "node:assert/strict";
import { DETECTORS } from "../engine/detectors/registry.ts";
import { filesEndingIn, readSource, readSources } from "./fixtures/sources.ts";

/** Files beside the detectors that are none. */
const NO_DETECTORS = new Set(["registry.ts", "target.ts"]);

const RULE = /\b[A-Z]{2,}-\d+\b/g;

async function spec(): Promise<string> {
  return await readSource("engine/SPEC.md");
}

async function definedRules(): Promise<string[]> {
  return [...(await spec()).matchAll(/^- ([A-Z]+-\d+) /gm)].map(([, rule]) => rule as string);
}

/** Rules that the names of tests begin with, such as `Deno.test("SES-5 …`. */
async function testedRules(): Promise<Set<string>> {
  const tests = (await readSources()).filter(({ path }) => path.endsWith("_test.ts"));
  const names = tests.flatMap(({ text }) => [...text.matchAll(/"([A-Z]{2,}-\d+) [^"]+",/g)]);
  return new Set(names.map(([, rule]) => rule as string));
}

Deno.test("each rule of SPEC.md has a number of its own", async () => {
  const rules = await definedRules();
  ok(rules.length > 30);
  deepEqual(rules.filter((rule, i) => rules.indexOf(rule) !== i), []);
});

Deno.test("each rule of SPEC.md is cited by a test", async () => {
  const tested = await testedRules();
  deepEqual((await definedRules()).filter((rule) => !tested.has(rule)), []);
});

Deno.test("each rule that code or tests cite is in SPEC.md", async () => {
  const rules = new Set(await definedRules());
  const families = new Set([...rules].map((rule) => rule.split("-")[0]));
  const cited = (await readSources())
    .filter(({ path }) => path !== "tests/spec_test.ts")
    .flatMap(({ path, text }) => (text.match(RULE) ?? []).map((rule) => ({ path, rule })))
    .filter(({ rule }) => families.has(rule.split("-")[0]));
  deepEqual(cited.filter(({ rule }) => !rules.has(rule)), []);
});

Deno.test("each detector has its file, its test, its line in the registry and its heading", async () => {
  const kinds = DETECTORS.map(({ kind }) => kind).sort();
  const headings = [...(await spec()).matchAll(/^### (\S+)$/gm)].map(([, kind]) => kind).sort();
  deepEqual(headings, kinds);
  const files = (await filesEndingIn(".ts"))
    .filter((path) => path.startsWith("engine/detectors/"))
    .map((path) => path.slice("engine/detectors/".length));
  const tests = files.filter((file) => file.endsWith("_test.ts"));
  const detectors = files.filter((file) => !file.endsWith("_test.ts") && !NO_DETECTORS.has(file));
  deepEqual(detectors, kinds.map((kind) => `${kind}.ts`));
  deepEqual(tests, kinds.map((kind) => `${kind}_test.ts`));
});

Deno.test("a detector's file exports one detector, whose kind is the file's name", async () => {
  for (const detector of DETECTORS) {
    const module = await import(`../engine/detectors/${detector.kind}.ts`);
    const exported = Object.values(module).filter((value) =>
      typeof value === "object" && value !== null && "detect" in value
    );
    equal(exported.length, 1);
    equal(exported[0], detector);
  }
});
