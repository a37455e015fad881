import { ApiError, type ErrorBody } from "../schema/error.ts";

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: HeadersInit = {}): Response {
  const all = new Headers(headers);
  all.set("content-type", "application/json; charset=utf-8");
  all.set("x-content-type-options", "nosniff");
  all.set("cache-control", "no-store");
  return new Response(JSON.stringify(body), { status, headers: all });
}

/**
 * The answer to a failure. What is not an {@link ApiError} is a fault of ours: it is reported, and
 * the caller learns nothing of its inside.
 */
export function errorResponse(
  error: unknown,
  onFault: (error: unknown) => void,
  headers: HeadersInit = {},
): Response {
  const known = error instanceof ApiError
    ? error
    : new ApiError("internal_error", "Something failed on our side; it has been logged");
  if (known !== error) onFault(error);
  const all = new Headers(headers);
  if (known.retryAfterS !== undefined) all.set("retry-after", String(known.retryAfterS));
  const body: ErrorBody = { error: { code: known.code, message: known.message } };
  return json(known.status, body, all);
}
