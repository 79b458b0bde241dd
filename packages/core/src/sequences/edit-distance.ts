/**
 * The least number of substitutions, deletions and insertions that make one sequence of another (Levenshtein 1966).
 */
export function editDistance(found: readonly string[], right: readonly string[]): number {
  let row = Uint32Array.from({ length: right.length + 1 }, (_, i) => i); // from nothing: insert each
  let next = new Uint32Array(row.length);
  for (const [place, item] of found.entries()) {
    next[0] = place + 1;
    for (let i = 0; i < right.length; i++) {
      const replaced = row[i]! + Number(item !== right[i]);
      next[i + 1] = Math.min(replaced, row[i + 1]! + 1, next[i]! + 1);
    }
    [row, next] = [next, row];
  }
  return row[right.length]!;
}
