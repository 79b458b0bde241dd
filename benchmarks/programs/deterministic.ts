/**
 * Numbers that TypeScript and Python both make (peers/deterministic.py), so that all contenders start from the same
 * weights and inputs, and the losses of their first steps tell whether they do the same work.
 */

/** `size` numbers in [−bound, bound), different for each name. Exact in float32 before scaling. */
export function deterministic(name: string, size: number, bound: number): Float32Array {
  const seed = mix(hashName(name) + 1);
  return Float32Array.from({ length: size }, (_, i) => ((mix(seed ^ i) >>> 8) / 2 ** 23 - 1) * bound);
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
