const ANY_ORIGIN = "http://local.invalid";

/** Where to go after the login: a path on this server, or `/`. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, ANY_ORIGIN)) return "/";
  const url = new URL(next, ANY_ORIGIN);
  // Browsers read `//host` and `/\host` as another server.
  if (url.origin !== ANY_ORIGIN || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search + url.hash;
}
