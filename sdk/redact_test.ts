import { equal } from "node:assert/strict";
import { redactEmails, redactUrl, withoutQuery } from "./redact.ts";

Deno.test("secrets and log-in data leave no URL", () => {
  equal(redactUrl("https://joe:pw@x.com/a?q=shoes#b"), "https://x.com/a?q=shoes#b");
  equal(
    redactUrl("https://x.com/reset?token=abc&page=2&userEmail=joe%40x.com#access_token=1"),
    "https://x.com/reset?token=*&page=2&userEmail=*#access_token=*",
  );
  equal(redactUrl("https://x.com/u/joe@example.com/edit"), "https://x.com/u/*/edit");
  equal(redactUrl("https://cdn.x.com/react@18.2.0/a.js"), "https://cdn.x.com/react@18.2.0/a.js");
  equal(redactUrl("x".repeat(5000)).length, 2000);
});

Deno.test("a request's URL keeps no query", () => {
  equal(withoutQuery("https://x.com/api/pay?card=4242#a"), "https://x.com/api/pay");
});

Deno.test("e-mail addresses leave no text", () => {
  equal(redactEmails("No account for joe.doe+x@mail.example.com."), "No account for *");
});
