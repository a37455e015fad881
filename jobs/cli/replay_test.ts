import { deepEqual, equal, match } from "node:assert/strict";

const MAP = "user_id=user,event=name,timestamp=time";

async function run(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-env=NO_COLOR",
      new URL("./replay.ts", import.meta.url).pathname,
      ...args,
    ],
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function withFile(text: string, test: (path: string) => Promise<void>) {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, text);
    await test(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("replay prints JSON on stdout and the first bad lines on stderr", async () => {
  const bad = Array.from({ length: 22 }, () => "ann,click,never");
  await withFile(
    ["user,name,time", "ann,click,2024-03-13 10:00:00", ...bad].join("\n"),
    async (path) => {
      const { code, stdout, stderr } = await run("--input", path, "--map", MAP, "--json");
      equal(code, 0, stderr);
      deepEqual(JSON.parse(stdout), {
        events: 1,
        users: 1,
        sessions: 1,
        signals: {},
        rejected: 22,
      });
      const lines = stderr.trimEnd().split("\n");
      equal(lines.length, 21);
      equal(lines[0], 'Line 3 has no valid time in "time"');
      equal(lines[20], "… and 2 more rejected lines");
    },
  );
});

Deno.test("replay prints a readable summary without colours off a terminal", async () => {
  await withFile("user,name,time\nann,click,2024-03-13 10:00:00", async (path) => {
    const { stdout } = await run("--input", path, "--map", MAP);
    match(stdout, /^events +1\nusers +1\nsessions +1\nrejected +0\nsignals +0\n$/);
  });
});

Deno.test("replay exits with 2 and says what to do when it is called wrongly", async () => {
  const wrong: [string[], RegExp][] = [
    [["--input", "nowhere.csv", "--map", MAP], /No file "nowhere\.csv"/],
    [["--input", "."], /Missing --map/],
    [["--map", MAP], /Missing --input FILE/],
    [["--wat"], /Unknown option '--wat'/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr, stdout } = await run(...args);
    equal(code, 2);
    match(stderr, message);
    equal(stdout, "");
  }
  await withFile("who,name,time\n", async (path) => {
    const { code, stderr } = await run("--input", path, "--map", MAP);
    equal(code, 2);
    match(stderr, /No column "user" for user_id: the file has who, name, time/);
  });
  const help = await run("--help");
  equal(help.code, 0);
  match(help.stdout, /^Runs stored events/);
});
