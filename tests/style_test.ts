import { deepEqual, equal } from "node:assert/strict";
import { filesEndingIn, readSources, type Source } from "./fixtures/sources.ts";

const MAX_LINES = 300;
/** A file that is longer says so, and why, in a comment among its first lines. */
const SAYS_WHY = /(?:\/\/|\*).*\b(?:long|over 300 lines)\b.*\bbecause\b/i;
const FIRST_LINES = 12;

const VAGUE_NAME = /(?:^|[/_.])(?:utils?|helpers?|managers?|misc|common)(?:[_.]|$)/i;

function lineProblems({ path, text }: Source): string[] {
  const lines = text.split("\n");
  if (lines.length <= MAX_LINES + 1) return [];
  if (lines.slice(0, FIRST_LINES).some((line) => SAYS_WHY.test(line))) return [];
  return [`${path} has ${lines.length - 1} lines and does not say why`];
}

/** A lint exception says its reason behind `--`. */
function anyProblems({ path, text, code }: Source): string[] {
  const reasons = text.match(/deno-lint-ignore(?:-file)? no-explicit-any -- \S+/g)?.length ?? 0;
  const uses = code.match(/(?::\s*|<|\bas |,\s)any\b(?=[\s,;)>[\]=|]|$)/gm)?.length ?? 0;
  const isCovered = uses === 0 || reasons > 0;
  return isCovered ? [] : [`${path} says any without a reason`];
}

const MACHINE_PATH = /["'`](?:\/(?:home|Users|root|work|tmp|var)\/|[A-Z]:\\\\)/;
const ONLY = /\.only\(|\bonly:\s*true\b/;

function textProblems({ path, code }: Source): string[] {
  const problems: string[] = [];
  if (ONLY.test(code)) problems.push(`${path} runs only one of its tests`);
  const machine = code.match(MACHINE_PATH)?.[0];
  if (machine) problems.push(`${path} names a path of one machine: ${machine}`);
  return problems;
}

function problems(source: Source): string[] {
  return [...lineProblems(source), ...anyProblems(source), ...textProblems(source)];
}

async function sources(): Promise<Source[]> {
  return (await readSources()).filter(({ path }) => path !== "tests/style_test.ts");
}

function found(text: string): number {
  return problems({ path: "a.ts", text, code: text }).length;
}

Deno.test("no file is long without saying why, and none has any, only or a machine's path", async () => {
  deepEqual((await sources()).flatMap(problems), []);
});

Deno.test("no file has a name that could hold anything", async () => {
  const files = await filesEndingIn(".ts", ".tsx", ".css", ".sql");
  deepEqual(files.filter((path) => VAGUE_NAME.test(path)), []);
  for (const name of ["a/utils.ts", "string_helpers.ts", "a/session_manager.ts", "common.ts"]) {
    equal(VAGUE_NAME.test(name), true, name);
  }
  for (const name of ["a/commit.ts", "group_commit.ts", "utility_room.ts"]) {
    equal(VAGUE_NAME.test(name), false, name);
  }
});

Deno.test("each breach of style is found", () => {
  equal(found("x\n".repeat(301)), 1);
  equal(found("const a: any = 1;"), 1);
  equal(found("const a = b as any;"), 1);
  equal(found("const a: Map<string, any> = b;"), 1);
  equal(found('Deno.test.only("x", () => {});'), 1);
  equal(found('Deno.test({ name: "x", only: true });'), 1);
  equal(found('const a = "/home/someone/file";'), 1);
});

Deno.test("what is within the style is not found", () => {
  equal(found("x\n".repeat(300)), 0);
  equal(found("// This file is long because it is a table.\n" + "x\n".repeat(400)), 0);
  equal(found("// deno-lint-ignore no-explicit-any -- each narrows its own\nlet a: any;"), 0);
  equal(found("const anything: string = company;"), 0);
  equal(found('const a = "/v1/events";'), 0);
});
