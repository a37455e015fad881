import { deepEqual, equal, rejects } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { DEFAULT_SETTINGS } from "../engine/settings.ts";
import { step } from "../engine/step.ts";
import type { StepInput } from "../engine/types.ts";
import { replay, type ReplaySummary } from "./replay.ts";
import type { Step } from "./replay_actors.ts";
import { readFileBytes } from "./replay_file.ts";
import { parseMapping } from "./replay_mapping.ts";

const MAP = "user_id=user,event=name,timestamp=time";

interface Run {
  map?: string;
  step?: Step;
  /** Cuts the input into chunks of this many bytes. */
  chunkBytes?: number;
  rejected?: string[];
}

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await bytes.subarray(at, at + size);
}

function replayText(text: string, run: Run = {}): Promise<ReplaySummary> {
  const bytes = new TextEncoder().encode(text);
  return replay(chunks(bytes, run.chunkBytes ?? 7), {
    name: "test.csv",
    mapping: parseMapping(run.map ?? MAP),
    step: run.step ?? step,
    settings: { ...DEFAULT_SETTINGS, clamp: false },
    onRejected: (line, problem) => run.rejected?.push(`${line} ${problem}`),
  });
}

/** A step that keeps what it is given and finds nothing. */
function recordingStep(inputs: { input: StepInput; now: number }[]): Step {
  return (state, input, now, settings) => {
    inputs.push({ input, now });
    return step(state, input, now, settings);
  };
}

const CSV = [
  "user,name,time,plan",
  "ann,page_view,2024-03-13 10:00:00,pro",
  "ann,click,2024-03-13 10:00:05,pro",
  "bob,page_view,2024-03-13T12:00:00+02:00,",
  "ann,page_view,2024-03-13 11:00:00,pro",
].join("\n");

Deno.test("CSV is replayed whatever the chunks and line ends", async () => {
  const expected = { events: 4, users: 2, sessions: 3, signals: {}, rejected: 0 };
  for (const chunkBytes of [1, 3, 1000]) {
    deepEqual(await replayText(CSV, { chunkBytes }), expected);
    deepEqual(await replayText(CSV.replaceAll("\n", "\r\n") + "\r\n", { chunkBytes }), expected);
    deepEqual(await replayText("\ufeff" + CSV + "\n\n", { chunkBytes }), expected);
  }
});

Deno.test("NDJSON is replayed, its properties spread", async () => {
  const inputs: { input: StepInput; now: number }[] = [];
  const text = [
    { user: 7, name: "click", time: "2024-03-13T10:00:00Z", url: "/pay", properties: { x: 1 } },
    { user: 7, name: "click", time: 1710324001000 },
  ].map((row) => JSON.stringify(row)).join("\n");
  const summary = await replayText(text, { step: recordingStep(inputs) });
  deepEqual(summary, { events: 2, users: 1, sessions: 1, signals: {}, rejected: 0 });
  deepEqual(inputs[0]?.input, {
    type: "event",
    received_at: 1710324000000,
    event: {
      id: "test.csv:1",
      event: "click",
      user_id: "7",
      timestamp_ms: 1710324000000,
      properties: { url: "/pay", x: 1 },
    },
  });
});

Deno.test("a quoted line end stays in its row, and later lines keep their numbers", async () => {
  const rejected: string[] = [];
  const inputs: { input: StepInput; now: number }[] = [];
  const text = [
    "user,name,time,note",
    'ann,click,2024-03-13 10:00:00,"two',
    'lines, ""quoted"""',
    "ann,click,never,x",
    "ann,click,2024-03-13 10:00:01,12",
  ].join("\n");
  const summary = await replayText(text, { rejected, step: recordingStep(inputs) });
  equal(summary.events, 2);
  deepEqual(rejected, ['4 has no valid time in "time"']);
  const events = inputs.flatMap(({ input }) => input.type === "event" ? [input.event] : []);
  deepEqual(events.map(({ id }) => id), ["test.csv:2", "test.csv:5"]);
  deepEqual(events.map(({ properties }) => properties.note), ['two\nlines, "quoted"', 12]);
});

Deno.test("bad CSV lines are named and cost no other line", async () => {
  const rejected: string[] = [];
  const good = "ann,click,2024-03-13 10:00:00,x";
  const text = [
    "user,name,time,note",
    "ann,click,2024-03-13 10:00:00",
    good,
    'ann,click,2024-03-13 10:00:00,"a"b',
    good,
    ",click,2024-03-13 10:00:00,x",
    good,
    "ann,,2024-03-13 10:00:00,x",
    `ann,click,2024-03-13 10:00:00,${"x".repeat(40_000)}`,
    good,
    `ann,click,2024-03-13 10:00:00,${"x".repeat(400_000)}`,
    'ann,click,2024-03-13 10:00:00,"never closed',
    good,
    good,
  ].join("\n");
  const summary = await replayText(text, { rejected, chunkBytes: 5000 });
  equal(summary.events, 6);
  equal(summary.rejected, 7);
  deepEqual(rejected, [
    "2 has 3 fields, the header has 4",
    "4 has text after the closing quote of field 4",
    "6 anonymous_id or user_id is required",
    "8 event must not be empty",
    "9 makes an event of 40102 bytes; the limit is 32768",
    "11 is longer than 65536 characters",
    "12 has a quote that is never closed",
  ]);
});

Deno.test("bad NDJSON lines are named and cost no other line", async () => {
  const rejected: string[] = [];
  const good = '{"user":"ann","name":"click","time":"2024-03-13T10:00:00"}';
  const text = [
    "not json",
    good,
    '{"user":"ann","name":"click"',
    "[1]",
    "",
    '{"user":"ann","name":"click","time":"2024-03-13T10:00:00","__proto__":{"a":1}}',
    '{"user":{"a":1},"name":"click","time":"2024-03-13T10:00:00"}',
    good,
  ].join("\n");
  const bytes = chunks(new TextEncoder().encode(text), 64);
  const summary = await replay(bytes, {
    name: "a.ndjson",
    format: "ndjson",
    mapping: parseMapping(MAP),
    step,
    settings: { ...DEFAULT_SETTINGS, clamp: false },
    onRejected: (line, problem) => rejected.push(`${line} ${problem}`),
  });
  equal(summary.events, 2);
  deepEqual(rejected.slice(0, 3), [
    "1 is not JSON",
    "3 is not JSON",
    "4 is JSON, but not an object",
  ]);
  deepEqual(rejected.slice(3), [
    "6 properties must not have a key named __proto__",
    "7 user_id Invalid input: expected string, received object",
  ]);
});

Deno.test("a visitor who becomes known counts once, as that user", async () => {
  const text = [
    "user,anon,name,time",
    ",a1,page_view,2024-03-13 10:00:00",
    "ann,a1,click,2024-03-13 10:00:01",
    ",a2,page_view,2024-03-13 10:00:00",
    "ann,,order,2024-03-13 10:00:02",
    "ann,a3,click,2024-03-13 10:00:03",
  ].join("\n");
  const map = "user_id=user,anonymous_id=anon,event=name,timestamp=time";
  const summary = await replayText(text, { map });
  deepEqual([summary.users, summary.sessions], [2, 4], "ann and a2; a1, a2, a3 and u:ann");
});

Deno.test("signals are counted by kind, from clicks in columns", async () => {
  const clicks = [0, 1, 2, 3].map((i) => `ann,click,2024-03-13 10:00:00.${i}00,/pay,#pay,10,20`);
  const text = ["user,name,time,url,selector,x,y", ...clicks].join("\n");
  deepEqual((await replayText(text)).signals, { rage_click: 1 });
});

Deno.test("equal rows are two events", async () => {
  const row = "ann,click,2024-03-13 10:00:00";
  equal((await replayText(["user,name,time", row, row].join("\n"))).events, 2);
});

Deno.test("alarms ring when they are due, and all of them at the end", async () => {
  const inputs: { input: StepInput; now: number }[] = [];
  await replayText(CSV, { step: recordingStep(inputs) });
  const last = Date.parse("2024-03-13T11:00:00Z");
  const idle = DEFAULT_SETTINGS.idle_ms + 1;
  deepEqual(inputs.map(({ input, now }) => `${input.type} ${(now - last) / 1000}`), [
    "event -3600",
    "event -3595",
    "event -3600",
    `alarm ${(-3595_000 + idle) / 1000}`,
    "event 0",
    `alarm ${idle / 1000}`,
    `alarm ${(-3600_000 + idle) / 1000}`,
  ]);
});

Deno.test("an actor that rings without end is an error, not a hang", async () => {
  const restless: Step = (state, input, now, settings) => ({
    ...step(state, input, now, settings),
    alarm_at: now,
  });
  await rejects(replayText(CSV, { step: restless }), /rings without end/);
});

Deno.test("a wrong column is answered with the columns there are", async () => {
  await rejects(
    replayText(CSV, { map: "user_id=usr,event=name,timestamp=time" }),
    {
      name: "MappingError",
      message: 'No column "usr" for user_id: the file has user, name, time, plan',
    },
  );
  await rejects(
    replayText('{"a":1}\n', { map: MAP }),
    { message: 'No column "user" for user_id: the file has a' },
  );
});

Deno.test("a file without rows to read is an error that says so", async () => {
  await rejects(replayText(""), { message: "The file is empty" });
  await rejects(replayText("\n \n"), { message: "The file is empty" });
  await rejects(replayText('[{"a":1}]'), /is a JSON array/);
  await rejects(replayText("a,b,a\n"), { message: 'The header has the column "a" twice' });
});

Deno.test("gzip is told by its first bytes; a torn file is an error", async () => {
  const zipped = gzipSync(CSV);
  const seen: number[] = [];
  const run = (bytes: Uint8Array) =>
    replay(readFileBytes(ReadableStream.from(chunks(bytes, 50)), (n) => seen.push(n)), {
      name: "x.csv.gz",
      mapping: parseMapping(MAP),
      step,
      settings: { ...DEFAULT_SETTINGS, clamp: false },
    });
  equal((await run(zipped)).events, 4);
  equal(seen.at(-1), zipped.length, "progress counts the bytes of the file");
  equal((await run(new TextEncoder().encode(CSV))).events, 4);
  await rejects(run(zipped.subarray(0, -20)), /unexpected end of file/);
});
