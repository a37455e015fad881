import { ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { bundle } from "./browser_fixture.ts";

const MAX_BYTES = 6144;

Deno.test("the SDK has at most 6 KiB, minified and gzipped", async () => {
  for (const entry of ["script.ts", "index.ts"] as const) {
    const bytes = gzipSync(await bundle(entry), { level: 9 }).length;
    console.log(`sdk/${entry}: ${bytes} bytes`);
    ok(bytes <= MAX_BYTES, `sdk/${entry} has ${bytes} bytes, the limit is ${MAX_BYTES}`);
  }
});
