/**
 * The address of a content: what a record names data and weights by.
 */
import { createHash } from "node:crypto";

/** `sha256:…` of the parts laid end to end; strings as UTF-8. */
export function contentHash(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest("hex")}`;
}
