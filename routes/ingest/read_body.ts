import { createGunzip } from "node:zlib";
import { ApiError } from "../../schema/error.ts";
import { LIMITS } from "../../schema/limits.ts";

const tooLarge = () =>
  new ApiError(
    "body_too_large",
    `The body is larger than ${LIMITS.body_bytes} bytes; send smaller batches`,
  );

/**
 * The request's body as text, inflated where it is gzip, never more than the limit in memory.
 *
 * @throws {ApiError} `body_too_large`, `body_not_gzip`, `encoding_unsupported`
 */
export async function readBody(request: Request): Promise<string> {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip" && encoding !== "") {
    throw new ApiError("encoding_unsupported", "Content-Encoding must be gzip or absent");
  }
  const declared = Number(request.headers.get("content-length") ?? NaN);
  if (declared > LIMITS.body_bytes) throw tooLarge();
  if (!request.body) return "";
  if (encoding !== "gzip" && declared >= 0) return await request.text();
  const chunks = encoding === "gzip" ? inflated(request.body) : request.body;
  return await collected(chunks);
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LIMITS.body_bytes) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Inflates in chunks of 16 KiB (a `DecompressionStream` would inflate a whole input chunk, up to
 * 67 MB, before anyone could count).
 */
async function* inflated(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const feeding = feed(body, gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
    await feeding;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("body_not_gzip", "The body is not complete, valid gzip");
  } finally {
    gunzip.destroy();
    await feeding.catch(() => {
      // The reader stopped early; what it threw is the answer.
    });
  }
}

async function feed(body: ReadableStream<Uint8Array>, gunzip: ReturnType<typeof createGunzip>) {
  for await (const chunk of body) {
    if (gunzip.destroyed) return;
    if (!gunzip.write(chunk)) {
      await new Promise<void>((resolve) => {
        gunzip.once("drain", resolve);
        gunzip.once("close", resolve);
      });
    }
  }
  if (!gunzip.destroyed) gunzip.end();
}
