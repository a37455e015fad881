import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { DocumentStore } from "../stores/port.ts";

/** 192 random bits as 32 URL-safe characters. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** SHA-256 in hex: how keys are stored and looked up. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const [x, y] = [sha256(a), sha256(b)];
  return timingSafeEqual(new TextEncoder().encode(x), new TextEncoder().encode(y));
}

/** A keyed hash as 24 hex characters: joins equal values without telling them. */
export function keyedHash(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex").slice(0, 24);
}

/** A secret of this installation, made on first use and the same from then on. */
export async function installationSecret(
  documents: DocumentStore,
  name: "signing" | "masking",
): Promise<string> {
  const key = ["secret", name];
  await documents.put(key, randomToken(), null);
  const found = await documents.get<string>(key);
  if (!found) throw new Error(`Secret ${name} could not be stored`);
  return found.value;
}
