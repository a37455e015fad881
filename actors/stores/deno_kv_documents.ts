import type { DocumentStore } from "./port.ts";

/** Documents beside the actors in a Deno KV database. */
export class DenoKvDocuments implements DocumentStore {
  constructor(private readonly kv: Deno.Kv) {}

  async get<T>(key: string[]): Promise<{ value: T; version: string } | null> {
    const entry = await this.kv.get<T>(["doc", ...key]);
    return entry.versionstamp === null ? null : { value: entry.value, version: entry.versionstamp };
  }

  async put(key: string[], value: unknown, expected?: string | null): Promise<boolean> {
    const atomic = this.kv.atomic();
    if (expected !== undefined) atomic.check({ key: ["doc", ...key], versionstamp: expected });
    return (await atomic.set(["doc", ...key], value).commit()).ok;
  }

  async delete(key: string[]): Promise<void> {
    await this.kv.delete(["doc", ...key]);
  }

  async list<T>(prefix: string[]): Promise<{ key: string[]; value: T }[]> {
    const rows: { key: string[]; value: T }[] = [];
    for await (const { key, value } of this.kv.list<T>({ prefix: ["doc", ...prefix] })) {
      rows.push({ key: key.slice(1) as string[], value });
    }
    return rows;
  }
}
