/**
 * A record is addressed by what it says: the hash of its canonical JSON.
 */
import { createHash } from "node:crypto";

/** JSON with sorted keys and without spaces: the same value is the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export function contentHash(content: object): string {
  return `sha256:${createHash("sha256").update(canonicalJson(content)).digest("hex")}`;
}
