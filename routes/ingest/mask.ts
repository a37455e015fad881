import { isPlainObject } from "../../schema/properties.ts";

/** Makes a personal value unreadable, the same way for the same value. */
export type MaskHash = (value: string) => string;

/** Names of personal fields, in lower case without `_` and `-`. */
const PERSONAL = new Set([
  "email",
  "emailaddress",
  "useremail",
  "mail",
  "phone",
  "phonenumber",
  "mobile",
  "mobilenumber",
  "telephone",
  "ip",
  "ipaddress",
  "clientip",
  "remoteaddress",
]);
const URL_FIELDS = new Set(["url", "referrer", "referer", "href", "requesturl", "pageurl"]);
const MAX_DEPTH = 10;
// deno-lint-ignore no-control-regex -- Postgres cannot store NUL in text
const NUL = /\u0000/g;

function isPersonal(name: string): boolean {
  return PERSONAL.has(name.toLowerCase().replace(/[_-]/g, ""));
}

function clean(text: string): string {
  return text.toWellFormed().replace(NUL, "\ufffd");
}

/** Replaces personal values among the query parameters of a URL; the rest stays as it was. */
function maskUrl(url: string, hash: MaskHash): string {
  const query = url.indexOf("?");
  if (query === -1) return url;
  const end = url.indexOf("#", query);
  const [head, tail] = [url.slice(0, query + 1), end === -1 ? "" : url.slice(end)];
  const pairs = url.slice(query + 1, end === -1 ? undefined : end).split("&");
  const masked = pairs.map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return isPersonal(name) && value.length > 0 ? `${name}=${hash(value.join("="))}` : pair;
  });
  return head + masked.join("&") + tail;
}

function maskValue(name: string, value: unknown, hash: MaskHash, depth: number): unknown {
  if (depth > MAX_DEPTH) return "(too deep)";
  if (typeof value === "string") {
    if (isPersonal(name)) return value === "" ? value : hash(value);
    const text = clean(value);
    return URL_FIELDS.has(name.toLowerCase().replace(/[_-]/g, "")) ? maskUrl(text, hash) : text;
  }
  if (typeof value === "number" && isPersonal(name)) return hash(String(value));
  if (Array.isArray(value)) return value.map((item) => maskValue(name, item, hash, depth + 1));
  if (isPlainObject(value)) return maskFields(value, hash, depth + 1, isPersonal(name));
  return value;
}

function maskFields(
  fields: Record<string, unknown>,
  hash: MaskHash,
  depth: number,
  isAllPersonal: boolean,
): Record<string, unknown> {
  const masked = Object.entries(fields).map(([name, value]) => {
    return [clean(name), maskValue(isAllPersonal ? "email" : name, value, hash, depth)] as const;
  });
  return Object.fromEntries(masked);
}

/**
 * A copy of an event's fields in which e-mail, phone and address values are keyed hashes, text is
 * well-formed, and nothing is deeper than the limit. Works on anything, so that dead letters can be
 * masked too.
 */
export function mask(fields: Record<string, unknown>, hash: MaskHash): Record<string, unknown> {
  return maskFields(fields, hash, 0, false);
}
