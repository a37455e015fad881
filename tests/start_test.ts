import assert from "node:assert/strict";
import { listeningAt, spawnServer } from "./fixtures/server_process.ts";

function launch(dataDir: string) {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "jobs/cli/start.ts"],
    env: { PORT: "0", DATA_DIR: dataDir, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The process is there, and not merely waiting for its parent to ask after it. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+[ZX]/m.test(await Deno.readTextFile(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

Deno.test("the launcher starts a server that is ready, keeps its keys private and leaves on SIGTERM", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "snag_start_" });
  const launcher = launch(dataDir);
  const { origin, output } = await listeningAt(launcher);
  assert.equal((await fetch(`${origin}/readyz`)).status, 200);
  assert.equal((await fetch(`${origin}/healthz`)).status, 200);
  const keys = JSON.parse(await Deno.readTextFile(`${dataDir}/demo_keys.json`));
  assert.deepEqual(Object.keys(keys), ["project_id", "write_key", "read_key", "admin_key"]);
  assert.equal((await Deno.stat(`${dataDir}/demo_keys.json`)).mode! & 0o777, 0o600);
  for (const key of Object.values(keys)) assert.ok(output().includes(String(key)));
  const pid = Number(await Deno.readTextFile(`${dataDir}/server.pid`));
  assert.ok(await isRunning(pid));

  const second = await launch(dataDir).output();
  assert.notEqual(second.code, 0);
  assert.match(new TextDecoder().decode(second.stderr), /is used by another Snag/);
  assert.equal((await fetch(`${origin}/readyz`)).status, 200, "the first one goes on");
  assert.equal(Number(await Deno.readTextFile(`${dataDir}/server.pid`)), pid);

  launcher.kill("SIGTERM");
  assert.equal((await launcher.status).code, 0);
  assert.ok(!await isRunning(pid), "nothing is left running");
  await launcher.stderr.cancel();
  await Deno.remove(dataDir, { recursive: true });
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} to the server itself ends it cleanly, with a live subscriber connected`, async () => {
    const dataDir = await Deno.makeTempDir({ prefix: "snag_start_" });
    const server = await spawnServer(dataDir);
    const response = await fetch(
      `${server.origin}/v1/live/sse?token=${server.keys.read_key}`,
    );
    const reading = response.text();
    server.process.kill(signal);
    assert.equal((await server.process.status).code, 0);
    assert.match(await reading, /event: subscribed/);
    await Deno.remove(dataDir, { recursive: true });
  });
}

Deno.test("a login link opens the dashboard once", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "snag_start_" });
  const server = await spawnServer(dataDir);
  const link = server.output().match(/(http:\S+\/login\?token=\S+)/)?.[1] ?? assert.fail();
  const first = await fetch(link, { redirect: "manual" });
  await first.body?.cancel();
  const cookie = first.headers.get("set-cookie") ?? "";
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const page = (headers: HeadersInit) =>
    fetch(`${server.origin}/`, { headers, redirect: "manual" }).then(async (response) => ({
      status: response.status,
      text: await response.text(),
    }));
  const opened = await page({ cookie: cookie.split(";")[0] ?? "" });
  assert.equal(opened.status, 200);
  assert.notEqual((await page({})).status, 200, "without a login there is no dashboard");
  const again = await fetch(link, { redirect: "manual" });
  await again.body?.cancel();
  assert.equal(again.headers.get("set-cookie"), null, "the link is used up");
  const wrongSetting = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts"],
    env: { PORT: "eighty", DATA_DIR: dataDir },
  }).output();
  assert.notEqual(wrongSetting.code, 0);
  assert.match(new TextDecoder().decode(wrongSetting.stderr), /PORT/);
  server.process.kill("SIGTERM");
  await server.process.status;
  await Deno.remove(dataDir, { recursive: true });
});
