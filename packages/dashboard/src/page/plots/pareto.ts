/**
 * The models that no other beats for less.
 */
export interface Priced {
  readonly cost: number;
  readonly value: number;
}

/** By ascending cost: each is better than all that cost no more. `sign` is −1 where lower is better. */
export function paretoFront<Point extends Priced>(points: readonly Point[], sign: 1 | -1): Point[] {
  const byCost = [...points].sort((a, b) => a.cost - b.cost || sign * (b.value - a.value));
  let best = Number.NEGATIVE_INFINITY;
  return byCost.filter(({ value }) => {
    if (sign * value <= best) return false;
    best = sign * value;
    return true;
  });
}
