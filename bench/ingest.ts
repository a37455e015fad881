import { boot } from "../boot.ts";
import { parseConfig } from "../schema/config.ts";
import { eventSchema } from "../schema/event.ts";

const USERS = 5000;
const BATCH = 10;
const CONNECTIONS = 32;

function body(number: number): string {
  const timestamp = new Date().toISOString();
  const batch = Array.from({ length: BATCH }, (_, i) => ({
    id: `bench-${number}-${i}`,
    event: i % 3 === 0 ? "page_view" : "click",
    anonymous_id: `visitor-${number % USERS}`,
    timestamp,
    properties: { url: "https://shop.test/", x: (number * 37 + i * 91) % 900, y: i * 60 },
  }));
  return JSON.stringify({ sent_at: timestamp, batch });
}

/** Events per second that a handler answers with 202, called by 32 loops in this process. */
async function measure(seconds: number, send: (body: string) => Promise<Response>) {
  let sent = 0;
  let accepted = 0;
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const loop = async () => {
    while (performance.now() < end) {
      const response = await send(body(sent++));
      if (response.status !== 202) throw new Error(`The handler answered ${response.status}`);
      await response.body?.cancel();
      accepted += BATCH;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  return accepted / ((performance.now() - begin) / 1000);
}

async function ceilingHandler(request: Request): Promise<Response> {
  const { batch } = await request.json();
  for (const event of batch) eventSchema.parse(event);
  return Response.json({ accepted: batch.length }, { status: 202 });
}

async function overLoopback(
  seconds: number,
  handler: (request: Request) => Response | Promise<Response>,
  headers: Record<string, string>,
): Promise<number> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  const url = `http://127.0.0.1:${server.addr.port}/v1/events`;
  try {
    return await measure(seconds, (body) => fetch(url, { method: "POST", headers, body }));
  } finally {
    await server.shutdown();
  }
}

/** The same load on a handler that only parses, and on the whole server with its embedded store. */
export async function measureIngest(seconds: number) {
  const ceiling = await overLoopback(seconds, ceilingHandler, {});
  const data_dir = await Deno.makeTempDir({ prefix: "snag_bench_" });
  const snag = await boot({ config: { ...parseConfig(() => undefined), data_dir }, dist: "dist" });
  try {
    const authorization = `Bearer ${snag.demo?.write_key}`;
    return { ceiling, durable: await overLoopback(seconds, snag.fetch, { authorization }) };
  } finally {
    await snag.close();
    await Deno.remove(data_dir, { recursive: true });
  }
}
