/**
 * ID3 tags: titles and pictures before the sound, https://id3.org/id3v2.4.0-structure.
 */
import { text } from "./text-at.js";

/** Where the sound begins: 0 where there is no tag. May lie behind the end of what is given. */
export function afterId3(bytes: Uint8Array): number {
  let start = 0;
  while (text(bytes, start, 3) === "ID3" && start + 10 <= bytes.length) {
    const size = [6, 7, 8, 9].reduce((sum, place) => (sum << 7) | (bytes[start + place]! & 0x7f), 0);
    const footer = (bytes[start + 5]! & 0x10) !== 0 ? 10 : 0;
    start += 10 + size + footer;
  }
  return start;
}
