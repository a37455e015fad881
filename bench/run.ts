/**
 * `deno task bench`: one table, and with `--json` the same as JSON. What is measured, with which
 * input, and what is not, is in `bench/README.md`. `--quick` is for the smoke test.
 */
import { measureEngine } from "./engine.ts";
import { measureIngest } from "./ingest.ts";

export interface Figure {
  name: string;
  value: number;
  unit: string;
}

/** All figures of one run, side by side. */
export async function measureAll(seconds: number): Promise<Figure[]> {
  const engine = measureEngine(seconds);
  const { ceiling, durable } = await measureIngest(seconds);
  return [
    { name: "pure engine, all detectors on", value: engine, unit: "events/s" },
    { name: "ceiling: JSON.parse, zod, 202", value: ceiling, unit: "events/s" },
    { name: "durable ingest, answer after commit", value: durable, unit: "events/s" },
    { name: "durable ingest / ceiling", value: durable / ceiling, unit: "ratio" },
  ];
}

if (import.meta.main) {
  const figures = await measureAll(Deno.args.includes("--quick") ? 0.2 : 5);
  if (Deno.args.includes("--json")) {
    const machine = { cores: navigator.hardwareConcurrency, deno: Deno.version.deno };
    console.log(JSON.stringify({ machine, figures }));
  } else {
    console.log(`Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores`);
    for (const { name, value, unit } of figures) {
      const shown = unit === "ratio" ? value.toFixed(2) : Math.round(value).toLocaleString("en");
      console.log(`${name.padEnd(38)} ${shown.padStart(10)} ${unit}`);
    }
  }
}
