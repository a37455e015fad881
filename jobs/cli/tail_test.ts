import { equal, match } from "node:assert/strict";

const SUBSCRIBED = JSON.stringify({ type: "subscribed", topics: ["signals"], after: "s0" });

function spawn(args: string[], env: Record<string, string>): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-read",
      "--allow-env=NO_COLOR,SNAG_READ_KEY,DATA_DIR",
      new URL("./tail.ts", import.meta.url).pathname,
      ...args,
    ],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function finish(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("tail without a key or without a server says what to do", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const keyless = await finish(spawn([], { DATA_DIR: folder, SNAG_READ_KEY: "" }));
    equal(keyless.code, 2, keyless.stderr);
    match(keyless.stderr, /No read key in .*demo_keys\.json: start the server once/);
    await Deno.writeTextFile(`${folder}/demo_keys.json`, '{"read_key":"rk_1"}');
    const alone = spawn(["--url", "http://127.0.0.1:9"], { DATA_DIR: folder, SNAG_READ_KEY: "" });
    const { code, stderr } = await finish(alone);
    equal(code, 2);
    match(stderr, /No server answers at http:\/\/127\.0\.0\.1:9/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Ctrl-C ends tail cleanly", async () => {
  let child: Deno.ChildProcess | undefined;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onmessage = () => {
      socket.send(SUBSCRIBED);
      child?.kill("SIGINT");
    };
    return response;
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    child = spawn(["--url", url, "--json"], { SNAG_READ_KEY: "rk_1" });
    const { code, stderr } = await finish(child);
    equal(code, 0, stderr);
    equal(stderr, "");
  } finally {
    await server.shutdown();
  }
});
