/**
 * A long curve in few points: of each stretch its lowest and its highest, so that no peak is lost. Steps stay those of the points.
 */
export interface Curve {
  readonly steps: readonly number[];
  /** NaN where the run logged no number. */
  readonly values: readonly number[];
}

/** At most `most` points, in the order of their steps; of a stretch that holds NaN, one of these too. */
export function downSample({ steps, values }: Curve, most: number): Curve {
  const count = values.length;
  if (count <= most) return { steps, values };
  const stretches = Math.max(1, Math.floor(most / (values.some(Number.isNaN) ? 3 : 2)));
  const kept: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const [from, to] = [Math.floor((stretch * count) / stretches), Math.floor(((stretch + 1) * count) / stretches)];
    kept.push(...extremesOf(values, from, to));
  }
  return { steps: kept.map((place) => steps[place]!), values: kept.map((place) => values[place]!) };
}

/** Places of the lowest, the highest and the first that is no number, ascending, each once. */
function extremesOf(values: readonly number[], from: number, to: number): number[] {
  let [lowest, highest, none] = [-1, -1, -1];
  for (let place = from; place < to; place++) {
    const value = values[place]!;
    if (Number.isNaN(value)) {
      if (none === -1) none = place;
      continue;
    }
    if (lowest === -1 || value < values[lowest]!) lowest = place;
    if (highest === -1 || value > values[highest]!) highest = place;
  }
  return [...new Set([lowest, highest, none])].filter((place) => place !== -1).sort((a, b) => a - b);
}
