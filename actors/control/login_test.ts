import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { LIMITS } from "../../schema/limits.ts";
import { MINUTE, SECOND } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { MemoryStore } from "../stores/memory.ts";
import { Login } from "./login.ts";
import { Projects } from "./projects.ts";
import { Tokens } from "./tokens.ts";

async function setUp() {
  const clock = new FakeClock();
  const projects = new Projects(new MemoryStore().documents, clock);
  const keys = await projects.create({ project_id: "shop", name: "Shop", allow_text: false });
  if (!keys) throw new Error("There is a shop already");
  return { clock, keys, login: new Login(projects, new Tokens("secret", clock), clock) };
}

function withCookie(cookie: string): Request {
  return new Request("http://localhost/", { headers: { cookie } });
}

Deno.test("a link's token logs in once", async () => {
  const { login } = await setUp();
  const token = login.makeLink("shop");
  match(token, /^[\w-]{32}$/);
  const cookie = await login.enter({ token });
  match(cookie ?? "", /^snag_login=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=1209600$/);
  equal(await login.enter({ token }), null);
});

Deno.test("of two who use a link at once, one gets in", async () => {
  const { login } = await setUp();
  const token = login.makeLink("shop");
  const both = await Promise.all([login.enter({ token }), login.enter({ token })]);
  equal(both.filter((cookie) => cookie !== null).length, 1);
});

Deno.test("a link works for ten minutes", async () => {
  const { login, clock } = await setUp();
  const [first, second] = [login.makeLink("shop"), login.makeLink("shop")];
  clock.jump(10 * MINUTE - 1);
  notEqual(await login.enter({ token: first }), null);
  clock.jump(1);
  equal(await login.enter({ token: second }), null);
});

Deno.test("a token that nobody made does not log in", async () => {
  const { login } = await setUp();
  login.makeLink("shop");
  for (const token of ["", "x", "x".repeat(32)]) equal(await login.enter({ token }), null);
});

Deno.test("read and admin keys log in, a write key and no key do not", async () => {
  const { login, keys } = await setUp();
  notEqual(await login.enter({ key: keys.read_key }), null);
  notEqual(await login.enter({ key: keys.admin_key }), null);
  equal(await login.enter({ key: keys.write_key }), null);
  equal(await login.enter({ key: "" }), null);
});

Deno.test("the cookie says whose dashboard it is, until it expires", async () => {
  const { login, clock } = await setUp();
  const cookie = (await login.enter({ token: login.makeLink("shop") }))?.split(";")[0] ?? "";
  deepEqual(await login.viewer(withCookie(cookie)), { project_id: "shop" });
  deepEqual(await login.viewer(withCookie(`theme=dark; ${cookie}; a=b`)), { project_id: "shop" });
  equal(await login.viewer(withCookie(`x${cookie}`)), null);
  equal(await login.viewer(withCookie(`${cookie}x`)), null);
  equal(await login.viewer(new Request("http://localhost/")), null);
  clock.jump(LIMITS.login_ttl_s * SECOND);
  equal(await login.viewer(withCookie(cookie)), null);
});

Deno.test("logging out empties the cookie", async () => {
  const { login } = await setUp();
  match(login.logoutCookie(), /^snag_login=; .*HttpOnly.*Max-Age=0$/);
});

Deno.test("after too many attempts in a minute no secret works, and then they do again", async () => {
  const { login, clock } = await setUp();
  const token = login.makeLink("shop");
  for (let i = 0; i < LIMITS.login_attempts_per_min; i++) await login.enter({ key: "wrong" });
  const limited = { code: "rate_limited", status: 429 };
  await rejects(login.enter({ token }), limited);
  clock.jump(MINUTE - 1);
  await rejects(login.enter({ token }), limited);
  clock.jump(1);
  notEqual(await login.enter({ token }), null, "the link was not used up by being refused");
});
