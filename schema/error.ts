import { z } from "zod";

/** Every error code an answer may carry, with its HTTP status. */
export const ERROR_STATUS = {
  body_not_json: 400,
  body_invalid: 400,
  body_not_gzip: 400,
  key_missing: 401,
  key_invalid: 401,
  token_invalid: 401,
  key_forbidden: 403,
  origin_forbidden: 403,
  topic_forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_timeout: 408,
  body_too_large: 413,
  batch_too_large: 413,
  encoding_unsupported: 415,
  upgrade_required: 426,
  rate_limited: 429,
  too_many_subscribers: 429,
  internal_error: 500,
  overloaded: 503,
  store_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** The body of every answer that is not a success. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** A failure that the caller can act on; carried to the edge and turned into an {@link ErrorBody}. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  /**
   * @param code one of {@link ERROR_STATUS}, which also gives the HTTP status
   * @param message what is wrong and what to do, without keys or personal data
   * @param retryAfterS seconds for a `Retry-After` header
   */
  constructor(readonly code: ErrorCode, message: string, readonly retryAfterS?: number) {
    super(message);
    this.status = ERROR_STATUS[code];
  }
}
