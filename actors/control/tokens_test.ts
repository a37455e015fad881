import { deepEqual, equal, notEqual } from "node:assert/strict";
import { HOUR, SECOND, T0 } from "../../tests/fixtures/events.ts";
import { FakeClock } from "../../tests/fixtures/fake_clock.ts";
import { Tokens } from "./tokens.ts";

function setUp(secret = "the secret of this installation") {
  const clock = new FakeClock();
  return { clock, tokens: new Tokens(secret, clock) };
}

const CLAIMS = {
  project_id: "shop",
  topics: ["signals" as const],
  filter: { anonymous_id: ["ana"] },
};

function part(value: unknown): string {
  return btoa(JSON.stringify(value)).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
}

function claimsOf(token: string): Record<string, unknown> {
  const claims = token.split(".")[1] ?? "";
  return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
}

Deno.test("a live token says what it was issued for", async () => {
  const { tokens } = setUp();
  const { token, expires_at } = await tokens.issueLive(CLAIMS, 60);
  deepEqual(await tokens.readLive(token), { ...CLAIMS, expires_at: T0 + 60 * SECOND });
  equal(expires_at, new Date(T0 + 60 * SECOND).toISOString());
});

Deno.test("a token works until it expires, and not a moment longer", async () => {
  const { tokens, clock } = setUp();
  const { token } = await tokens.issueLive(CLAIMS, 3600);
  clock.jump(HOUR - 1);
  notEqual(await tokens.readLive(token), null);
  clock.jump(1);
  equal(await tokens.readLive(token), null);
});

Deno.test("a token for one audience is none for another", async () => {
  const { tokens } = setUp();
  const live = await tokens.issueLive(CLAIMS, 60);
  const login = await tokens.issueLogin("shop", 60);
  equal(await tokens.readLogin(live.token), null);
  equal(await tokens.readLive(login.token), null);
  deepEqual(await tokens.readLogin(login.token), { project_id: "shop" });
});

Deno.test("a token that was changed is none", async () => {
  const { tokens } = setUp();
  const { token } = await tokens.issueLive(CLAIMS, 60);
  const [head, , signature] = token.split(".");
  const changes = [{ project_id: "other" }, { topics: ["sessions"] }, { exp: 9e9 }, { filter: {} }];
  for (const change of changes) {
    const claims = part({ ...claimsOf(token), ...change });
    equal(await tokens.readLive(`${head}.${claims}.${signature}`), null);
  }
  equal(await tokens.readLive(token.slice(0, -4)), null);
  equal(await tokens.readLive(`${token}AAAA`), null);
});

Deno.test("a token without a signature, or signed by another algorithm, is none", async () => {
  const { tokens } = setUp();
  const { token } = await tokens.issueLive(CLAIMS, 60);
  const [, claims, signature] = token.split(".");
  for (const alg of ["none", "None", "HS384", "RS256", ""]) {
    const head = part({ alg, typ: "JWT" });
    for (const end of ["", signature]) {
      equal(await tokens.readLive(`${head}.${claims}.${end}`), null, alg);
    }
    equal(await tokens.readLive(`${head}.${claims}`), null, alg);
  }
});

Deno.test("a token of another installation is none", async () => {
  const { token } = await setUp("another secret").tokens.issueLive(CLAIMS, 60);
  equal(await setUp().tokens.readLive(token), null);
});

Deno.test("text that is no token is none, whatever it is", async () => {
  const { tokens } = setUp();
  for (const text of ["", ".", "..", "a.b.c", "null", "😀.😀.😀", "x".repeat(10_000)]) {
    equal(await tokens.readLive(text), null, text.slice(0, 10));
    equal(await tokens.readLogin(text), null);
  }
});
