/**
 * How soon labels tell: the area under the curve of scores over the logarithm of the share of labels.
 */
export interface LabelPoint {
  /** Of all labels, above 0, at most 1. */
  readonly share: number;
  readonly value: number;
}

/**
 * Trapezoids over log share, divided by the width: the mean score where every doubling of labels counts the same. null of fewer than two
 * different shares. Curves are to be compared over the same shares.
 */
export function labelEfficiency(points: readonly LabelPoint[]): number | null {
  const wrong = points.find(({ share }) => !(share > 0 && share <= 1));
  if (wrong !== undefined)
    throw new RangeError(`labelEfficiency: shares must be above 0 and at most 1, got ${wrong.share}.`);
  const sorted = [...points].sort((a, b) => a.share - b.share);
  const width = Math.log(sorted.at(-1)?.share ?? 1) - Math.log(sorted[0]?.share ?? 1);
  if (width === 0) return null;
  let area = 0;
  for (let i = 1; i < sorted.length; i++) {
    const [before, after] = [sorted[i - 1]!, sorted[i]!];
    area += (Math.log(after.share / before.share) * (before.value + after.value)) / 2;
  }
  return area / width;
}
