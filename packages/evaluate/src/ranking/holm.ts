/**
 * Many comparisons at once: p-values that keep the chance of any false one below what is asked.
 *
 * Holm 1979, https://www.jstor.org/stable/4615733: the smallest is multiplied by their number, the next by one less, and none is below one before it.
 */
export function holm(pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`holm: p-values must be from 0 to 1, got ${wrong}.`);
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 0;
  for (const [place, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - place) * pValues[index]!));
    adjusted[index] = least;
  }
  return adjusted;
}
