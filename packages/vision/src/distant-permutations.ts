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
  const length = all.length / tiles;
  if (!(Number.isInteger(count) && count >= 2 && count <= length)) {
    throw new RangeError(
      `distantPermutations: count must be a whole number from 2 to ${length}, all that ${tiles} tiles have, got ${count}.`,
    );
  }
  const at = (row: number) => all.slice(row * tiles, (row + 1) * tiles);
  const least = new Uint8Array(length).fill(tiles); // distance from the nearest of those chosen
  const total = new Uint32Array(length);
  const chosen = [at(0)];
  while (chosen.length < count) {
    addDistances(all, chosen.at(-1)!, least, total);
    let best = 0;
    for (let row = 1; row < length; row++) {
      if (least[row]! > least[best]! || (least[row] === least[best] && total[row]! > total[best]!)) best = row;
    }
    chosen.push(at(best));
  }
  return chosen;
}

/** Every permutation's Hamming distance from `last`, into the least and the total of each. */
function addDistances(all: Uint8Array, last: Uint8Array, least: Uint8Array, total: Uint32Array): void {
  const tiles = last.length;
  for (let row = 0, start = 0; row < least.length; row++, start += tiles) {
    let distance = 0;
    for (let place = 0; place < tiles; place++) if (all[start + place] !== last[place]) distance += 1;
    if (distance < least[row]!) least[row] = distance;
    total[row]! += distance;
  }
}

/** One after the other, in lexicographic order. */
function permutations(tiles: number): Uint8Array {
  if (!(Number.isInteger(tiles) && tiles >= 2 && tiles <= 9)) {
    throw new RangeError(`distantPermutations: tiles must be a whole number from 2 to 9, got ${tiles}.`);
  }
  let found = Uint8Array.of(0);
  for (let size = 2; size <= tiles; size++) {
    // Each of the size first tiles, then every permutation of the others: those not below the first are one higher.
    const others = found;
    found = new Uint8Array((size * others.length * size) / (size - 1));
    let end = 0;
    for (let first = 0; first < size; first++) {
      for (let i = 0; i < others.length; i++) {
        if (i % (size - 1) === 0) found[end++] = first;
        const other = others[i]!;
        found[end++] = other < first ? other : other + 1;
      }
    }
  }
  return found;
}
