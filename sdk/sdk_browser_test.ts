import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { call, type Scenario, testInBrowser, withPage } from "./browser_scenario.ts";

const BASICS: Scenario[] = [
  [
    "a page view arrives with ids, to its own origin with the key in a header",
    (world) =>
      withPage(world, {}, async () => {
        const [view] = await world.snag.arrived("page_view");
        match(view?.id ?? "", /^[\da-f]{8}-[\da-f]{4}-7/);
        ok(view?.anonymous_id && view.session_id);
        ok(Math.abs(Date.parse(view.timestamp) - Date.now()) < 60_000);
        deepEqual(view.properties, {
          url: `${world.snag.origin}/`,
          title: "Shop",
          navigation_type: "navigate",
        });
        const [request] = world.snag.requests;
        deepEqual(
          [request?.authorization, request?.url.search, request?.contentType],
          ["Bearer wk_test", "", "text/plain"],
        );
      }),
  ],
  ["clicks say where: on the control, not on the icon inside it", (world) => {
    const body = `<button id="pay" class="css-1ab2c"><b>Pay</b> now</button>
      <div class="cart sc-bdVaJa is-open"><p>a</p><p><span id=":r1:" class="row x7Yz1">b</span></p></div>
      <div role="button" data-testid='a"b' style="margin-top:900px">c</div>`;
    return withPage(world, { body }, async (page) => {
      await page.click("#pay b");
      await page.click(".row");
      await page.click("[role=button]");
      const clicks = await world.snag.arrived("click", 3);
      const of = (name: string) => clicks.map(({ properties }) => properties[name]);
      deepEqual(of("selector"), [
        "#pay",
        "body > div.cart:nth-of-type(1) > p:nth-of-type(2) > span.row".replace("body > ", ""),
        '[data-testid="a\\"b"]',
      ]);
      deepEqual(of("tag"), ["button", "span", "div"]);
      deepEqual(of("role"), [undefined, undefined, "button"]);
      deepEqual(of("text"), [undefined, undefined, undefined]);
      ok(Number(of("y")[2]) > 900, "page pixels, whatever was scrolled");
      for (const selector of of("selector")) equal(await page.locator(String(selector)).count(), 1);
    });
  }],
  [
    "three fast clicks arrive while the page is still there",
    (world) =>
      withPage(world, { body: `<button id="pay">Pay</button>` }, async (page) => {
        await page.click("#pay", { clickCount: 3 });
        const clicks = await world.snag.arrived("click", 3);
        const times = clicks.map(({ timestamp }) => Date.parse(timestamp));
        deepEqual(times.toSorted(), times);
        equal(new Set(clicks.map(({ session_id }) => session_id)).size, 1);
        equal(clicks.some(({ properties }) => "selected_text" in properties), false);
      }),
  ],
  ["selecting text by clicks is marked, a label's own click is not a second one", (world) => {
    const body =
      `<p><span id="words">many words</span></p><label id="l">Yes <input type="checkbox"></label>
      <button id="last">x</button>`;
    return withPage(world, { body }, async (page) => {
      await page.dblclick("#words");
      await page.click("#l", { position: { x: 3, y: 5 } });
      await page.evaluate(() => document.getElementById("last")?.click());
      await page.click("#last");
      const clicks = await world.snag.arrived("click", 4);
      deepEqual(
        clicks.map(({ properties: { selector, selected_text } }) => [
          selector,
          selected_text,
        ]),
        [
          ["#words", undefined],
          ["#words", true],
          ["#l", undefined],
          ["#last", undefined],
        ],
        "nor is a click that a script made",
      );
      equal(await page.locator("input").isChecked(), true);
    });
  }],
  ["text is sent only where it is allowed, and never what people type", (world) => {
    const body = `<div data-snag-text><button id="a"> Buy   now for joe@x.com </button>
      <div id="b">hi <textarea>secret</textarea></div>
      <div id="c" contenteditable>secret</div><p id="d" data-snag-mask>secret</p></div>
      <button id="e">Other</button>`;
    return withPage(world, { body }, async (page) => {
      for (const id of ["a", "b", "c", "d", "e"]) {
        await page.click(`#${id}`, { position: { x: 2, y: 2 } });
      }
      const clicks = await world.snag.arrived("click", 5);
      deepEqual(clicks.map(({ properties }) => properties.text), [
        "Buy now for *",
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      equal(JSON.stringify(world.snag.events).includes("secret"), false);
    });
  }],
  [
    "navigation within the page is viewed, filters are not",
    (world) =>
      withPage(world, {}, async (page) => {
        await page.evaluate(() => history.pushState({}, "", "/cart?token=abc"));
        await world.snag.arrived("page_view", 2);
        await page.evaluate(() => history.replaceState({}, "", "/cart?q=x"));
        await page.evaluate(() => history.replaceState({}, "", "/checkout"));
        await world.snag.arrived("page_view", 3);
        await page.evaluate(() => location.hash = "#pay");
        await world.snag.arrived("page_view", 4);
        await page.evaluate(() => history.back());
        const views = await world.snag.arrived("page_view", 5);
        deepEqual(
          views.map(({ properties: { url } }) => String(url).replace(world.snag.origin, "")),
          [
            "/",
            "/cart?token=*",
            "/checkout",
            "/checkout#pay",
            "/checkout",
          ],
        );
        equal(views[1]?.properties.referrer, `${world.snag.origin}/`);
      }),
  ],
];

const FAILURES: Scenario[] = [
  ["errors and rejections arrive, with one fingerprint for one error", (world) => {
    const body = `<button id="pay" onclick="brokenPay()">Pay</button>`;
    return withPage(world, { body }, async (page) => {
      await page.click("#pay");
      await page.click("#pay");
      await page.evaluate(() => void Promise.reject(new Error("late 42 for joe@x.com")));
      const errors = await world.snag.arrived("error", 3);
      match(String(errors[0]?.properties.message), /brokenPay is not defined/);
      match(String(errors[0]?.properties.source), /^http:.*:\d+:\d+$/);
      equal(errors[0]?.properties.fingerprint, errors[1]?.properties.fingerprint);
      equal(errors[2]?.properties.message, "Error: late 42 for *");
      notEqual(errors[2]?.properties.fingerprint, errors[0]?.properties.fingerprint);
      const order = world.snag.events.map(({ event }) => event);
      ok(order.indexOf("click") < order.indexOf("error"));
    });
  }],
  ["failed requests arrive once, without query, and the page gets its answer", (world) => {
    world.snag.other = ({ url }) =>
      new Response("no", { status: url.includes("missing") ? 404 : 503 });
    return withPage(world, {}, async (page) => {
      const seen = await page.evaluate(async () => {
        const missing = await fetch("/api/missing?card=1");
        const response = await fetch(new Request("/api/pay?card=4242", { method: "POST" }));
        const xhrStatus = await new Promise<number>((resolve) => {
          const xhr = new XMLHttpRequest();
          xhr.onload = () => resolve(xhr.status);
          xhr.open("PUT", "/api/cart?x=1");
          xhr.send();
        });
        const stop = new AbortController();
        stop.abort();
        const aborted = await fetch("/api/x", { signal: stop.signal }).catch((e) => e.name);
        void fetch("http://127.0.0.1:9/down");
        return [missing.status, response.status, await response.text(), xhrStatus, aborted];
      });
      deepEqual(seen, [404, 503, "no", 503, "AbortError"]);
      const errors = await world.snag.arrived("error", 3);
      deepEqual(
        errors.map(({ properties: { message, source, status, request_url } }) => [
          message,
          source,
          status,
          String(request_url).replace(world.snag.origin, ""),
        ]),
        [
          ["POST /api/pay failed with 503", "network", 503, "/api/pay"],
          ["PUT /api/cart failed with 503", "network", 503, "/api/cart"],
          ["GET /down got no answer", "network", 0, "http://127.0.0.1:9/down"],
        ],
      );
      await call(page, "flush");
      equal(world.snag.events.filter(({ event }) => event === "error").length, 3);
    });
  }],
  ["forms: begun, refused and sent, names only", (world) => {
    const body = `<form name="signup" onsubmit="return false"><input name="name" id="n">
      <input name="mail" type="email" required><button>Go</button></form>
      <form data-snag-ignore id="quiet"><input id="q"></form>`;
    return withPage(world, { body }, async (page) => {
      await page.fill("#q", "secret");
      await page.click("#q");
      await page.fill("#n", "secret");
      await page.click("button");
      await page.fill("[type=email]", "secret@x.com");
      await page.click("button");
      await world.snag.arrived("form_submit");
      const forms = world.snag.events.filter(({ event }) => event.startsWith("form"));
      deepEqual(forms.map(({ event, properties: { form, field } }) => [event, form, field]), [
        ["form_start", "signup", "name"],
        ["form_error", "signup", "mail"],
        ["form_submit", "signup", undefined],
      ]);
      const all = JSON.stringify(world.snag.events);
      equal(all.includes("secret"), false);
      equal(all.includes("#q"), false, "nor anything of what is to be ignored");
    });
  }],
];

testInBrowser("what the SDK captures, in Chromium", [...BASICS, ...FAILURES]);
