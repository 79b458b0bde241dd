/**
 * What is served is asked for by ids that the server gave out: nobody names a path.
 */
import { createHash } from "node:crypto";

/** The first 16 hexadecimal digits of the SHA-256 of where a thing lies. */
export const idOf = (place: string): string => createHash("sha256").update(place).digest("hex").slice(0, 16);

export const isId = (text: string): boolean => /^[0-9a-f]{16}$/.test(text);

/** A whole number of few digits, as an address holds it; undefined where the text is none. */
export function wholeNumber(text: string | undefined, { digits = 9 } = {}): number | undefined {
  return text !== undefined && text.length <= digits && /^\d+$/.test(text) ? Number(text) : undefined;
}
