/**
 * Permutations that differ from each other in many places: the answers that a jigsaw puzzle has.
 *
 * Noroozi and Favaro 2016, https://arxiv.org/abs/1603.09246, Algorithm 1, but that the least distance counts before the sum of distances:
 * of 100 permutations of 9 tiles no two then agree in more than 3 places, where some of the authors' agree in 7; the mean is theirs, 8.08.
 */

/**
 * `count` permutations of 0 … tiles − 1, `tiles` up to 9. The first is the identity; each next is the one that is furthest, in Hamming distance,
 * from the nearest of those before; among equals from all of them, then the first in lexicographic order.
 */
export function distantPermutations(tiles: number, count: number): readonly Uint8Array[] {
  const all = permutations(tiles);
  if (!(Number.isInteger(count) && count >= 2 && count <= all.length)) {
    throw new RangeError(
      `distantPermutations: count must be a whole number from 2 to ${all.length}, all that ${tiles} tiles have, got ${count}.`,
    );
  }
  const least = new Uint8Array(all.length).fill(tiles); // distance from the nearest of those chosen
  const total = new Float64Array(all.length);
  const chosen = [all[0]!];
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    let best = 0;
    for (const [i, candidate] of all.entries()) {
      const distance = hammingDistance(candidate, last);
      if (distance < least[i]!) least[i] = distance;
      total[i]! += distance;
      if (least[i]! > least[best]! || (least[i] === least[best] && total[i]! > total[best]!)) best = i;
    }
    chosen.push(all[best]!);
  }
  return chosen;
}

/** In lexicographic order. */
function permutations(tiles: number): Uint8Array[] {
  if (!(Number.isInteger(tiles) && tiles >= 2 && tiles <= 9)) {
    throw new RangeError(`distantPermutations: tiles must be a whole number from 2 to 9, got ${tiles}.`);
  }
  const found: Uint8Array[] = [];
  const places = new Uint8Array(tiles);
  const extend = (length: number) => {
    if (length === tiles) found.push(places.slice());
    for (let tile = 0; tile < tiles; tile++) {
      if (places.subarray(0, length).includes(tile)) continue;
      places[length] = tile;
      if (length < tiles) extend(length + 1);
    }
  };
  extend(0);
  return found;
}

function hammingDistance(one: Uint8Array, other: Uint8Array): number {
  let distance = 0;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) distance += 1;
  return distance;
}
