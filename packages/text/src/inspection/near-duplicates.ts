/**
 * Texts that read alike: a sketch of each is kept, its smallest shingle hashes (bottom-k, Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900).
 *
 * Shingles are five characters of the text without capitals and signs. Of texts with fewer shingles than a sketch holds likeness is exact.
 */

/** Hashes a sketch holds. */
const SKETCH = 64;
/** Texts that share one of so many smallest hashes are compared. */
const KEYS = 6;
const SHINGLE = 5;
/** The beginning of a text that is compared. */
const COMPARED = 2000;
/** Of texts with a key in common so many are compared: a phrase that all have in common tells nothing. */
const MOST_WITH_KEY = 20;
/** The share of the shingles of both that both have, 0 to 1. */
const ALIKE = 0.8;

export type Sketch = Uint32Array;

export function sketchOf(text: string): Sketch {
  const plain = text
    .slice(0, COMPARED)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  const hashes = new Set<number>();
  for (let start = 0; start < Math.max(1, plain.length - SHINGLE + 1); start += 1)
    hashes.add(hashOf(plain, start, Math.min(plain.length, start + SHINGLE)));
  return Uint32Array.from(hashes).sort().slice(0, SKETCH);
}

/** FNV-1a over UTF-16 units, its bits mixed so that the smallest are as good as any. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The share of the shingles of both texts that both have, 0 to 1; estimated of long ones. */
export function likeness(first: Sketch, second: Sketch): number {
  let [i, j, common, all] = [0, 0, 0, 0];
  const isWhole = first.length < SKETCH && second.length < SKETCH;
  while ((isWhole || all < SKETCH) && (i < first.length || j < second.length)) {
    const [a = Infinity, b = Infinity] = [first[i], second[j]];
    if (a === b) common += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
    all += 1;
  }
  return all === 0 ? 1 : common / all;
}

export interface NearDuplicates {
  /** The numbers of the texts before that read alike; adds this one. */
  add(sketch: Sketch): number[];
}

export function nearDuplicates(): NearDuplicates {
  const sketches: Sketch[] = [];
  const byKey = new Map<number, number[]>();
  return {
    add(sketch) {
      const own = sketches.length;
      sketches.push(sketch);
      const candidates = new Set<number>();
      for (const key of sketch.subarray(0, KEYS)) {
        const others = byKey.get(key);
        if (others === undefined) byKey.set(key, [own]);
        else {
          for (const other of others) candidates.add(other);
          if (others.length < MOST_WITH_KEY) others.push(own);
        }
      }
      return [...candidates].filter((other) => likeness(sketches[other]!, sketch) >= ALIKE).sort((a, b) => a - b);
    },
  };
}
