import type { KeyHolder, KeyRole, Projects } from "../actors/control/projects.ts";
import { ApiError } from "../schema/error.ts";

/** The key of a request: `Authorization: Bearer …`, or `?key=` where the caller sets no headers. */
export function keyOf(request: Request): string | null {
  const header = request.headers.get("authorization");
  const bearer = header?.match(/^Bearer\s+(\S+)$/i)?.[1];
  return bearer ?? new URL(request.url).searchParams.get("key");
}

/**
 * Who the request's key speaks for.
 *
 * @throws {ApiError} `key_missing`, `key_invalid`, or `key_forbidden` for a key without that right
 */
export async function authorize(
  request: Request,
  projects: Projects,
  roles: readonly KeyRole[],
): Promise<KeyHolder> {
  const key = keyOf(request);
  if (!key) {
    throw new ApiError("key_missing", "Send a key as Authorization: Bearer KEY, or as ?key=KEY");
  }
  const holder = await projects.holderOf(key);
  if (!holder) throw new ApiError("key_invalid", "This key is not known, or was revoked");
  if (!roles.includes(holder.role)) {
    throw new ApiError(
      "key_forbidden",
      `This is a ${holder.role} key; this needs a ${roles.join(" or ")} key`,
    );
  }
  return holder;
}
