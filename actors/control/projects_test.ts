import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { SECOND } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { MemoryStore } from "../stores/memory.ts";
import { Projects } from "./projects.ts";
import { equalInConstantTime, installationSecret, keyedHash } from "./secret.ts";

function setUp() {
  const clock = new FakeClock();
  const { documents } = new MemoryStore();
  return { clock, documents, projects: new Projects(documents, clock) };
}

const SHOP = { project_id: "shop", name: "Shop", allow_text: false };

Deno.test("a project has three keys, and each speaks for it in its own role", async () => {
  const { projects } = setUp();
  const keys = await projects.create(SHOP);
  ok(keys);
  for (const role of ["write", "read", "admin"] as const) {
    match(keys[`${role}_key`], new RegExp(`^snag_${role}_[\\w-]{32}$`));
    deepEqual(await projects.holderOf(keys[`${role}_key`]), { project_id: "shop", role });
  }
});

Deno.test("a project is made once, and a second attempt makes no keys", async () => {
  const { projects, documents } = setUp();
  await projects.create(SHOP);
  equal(await projects.create({ ...SHOP, name: "Other" }), null);
  equal((await projects.get("shop"))?.name, "Shop");
  equal((await documents.list(["key"])).length, 3);
});

Deno.test("no key is stored as it is: neither in a document nor in the name of one", async () => {
  const { projects, documents } = setUp();
  const keys = await projects.create(SHOP);
  const stored = JSON.stringify(await documents.list([]));
  ok(stored.includes("Shop"), "all documents are listed");
  for (const key of Object.values(keys ?? {})) {
    ok(!stored.includes(key));
    ok(!stored.includes(key.slice(-32)));
  }
});

Deno.test("no other text is a key", async () => {
  const { projects } = setUp();
  const keys = await projects.create(SHOP);
  const key = keys?.write_key ?? "";
  const last = key.at(-1) === "A" ? "B" : "A";
  const others = ["", "snag_write_", key.slice(0, -1) + last, ` ${key}`, `${key}\n`, key + "A"];
  others.push(key.replace("write", "admin"), key.replace("write", "owner"));
  for (const text of others) equal(await projects.holderOf(text), null, text);
  notEqual(await projects.holderOf(key), null);
});

Deno.test("keys of two projects are never the same and never mixed up", async () => {
  const { projects } = setUp();
  const shop = await projects.create(SHOP);
  const other = await projects.create({ ...SHOP, project_id: "shop2" });
  equal(new Set([...Object.values(shop ?? {}), ...Object.values(other ?? {})]).size, 6);
  equal((await projects.holderOf(other?.read_key ?? ""))?.project_id, "shop2");
  deepEqual((await projects.list()).map(({ project_id }) => project_id), ["shop", "shop2"]);
});

Deno.test("a key that was removed is trusted for ten seconds at most", async () => {
  const { projects, documents, clock } = setUp();
  const keys = await projects.create(SHOP);
  const key = keys?.write_key ?? "";
  await projects.holderOf(key);
  for (const { key: path } of await documents.list(["key"])) await documents.delete(path);
  clock.jump(10 * SECOND - 1);
  notEqual(await projects.holderOf(key), null);
  clock.jump(1);
  equal(await projects.holderOf(key), null);
});

Deno.test("a project that is not there becomes known as soon as it is made", async () => {
  const { projects } = setUp();
  equal(await projects.get("shop"), null);
  await projects.create(SHOP);
  equal((await projects.get("shop"))?.name, "Shop");
});

Deno.test("an installation's secret is made once, and each purpose has its own", async () => {
  const { documents } = setUp();
  const signing = await installationSecret(documents, "signing");
  equal(await installationSecret(documents, "signing"), signing);
  notEqual(await installationSecret(documents, "masking"), signing);
  equal(signing.length, 32);
});

Deno.test("a keyed hash joins equal values and tells nothing without its secret", () => {
  equal(keyedHash("s", "ana@shop.test"), keyedHash("s", "ana@shop.test"));
  notEqual(keyedHash("s", "ana@shop.test"), keyedHash("t", "ana@shop.test"));
  match(keyedHash("s", ""), /^[0-9a-f]{24}$/);
  equal(equalInConstantTime("a", "a"), true);
  equal(equalInConstantTime("a", "ab"), false);
});
