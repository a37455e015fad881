import { z } from "zod";

/** The stores that this version has. */
export const STORES = ["deno_kv", "memory"] as const;

const port = z.coerce.number().int().min(0).max(65535);

/** The environment of a server; what each variable means is in the README. */
export const configSchema = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: port.default(8000),
  DATA_DIR: z.string().min(1).default(".data"),
  STORE: z.enum(STORES).default("deno_kv"),
}).transform((env) => ({
  host: env.HOST,
  port: env.PORT,
  data_dir: env.DATA_DIR,
  store: env.STORE,
}));
export type Config = z.output<typeof configSchema>;

/** The variables that the server may read. */
export const CONFIG_VARIABLES = ["HOST", "PORT", "DATA_DIR", "STORE"] as const;

/**
 * Reads the configuration.
 *
 * @param get a variable's value, `undefined` where it is not set
 * @throws {RangeError} naming the variable and what it may be
 */
export function parseConfig(get: (name: string) => string | undefined): Config {
  const entries = CONFIG_VARIABLES.map((name) => [name, get(name) || undefined] as const);
  const parsed = configSchema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RangeError(`Environment variable ${issue?.path.join(".")}: ${issue?.message}`);
}
