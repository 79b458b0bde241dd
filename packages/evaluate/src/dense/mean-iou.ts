/**
 * Answers that are a class for each place (pixel, frame): intersection over union of each class over all examples, averaged over classes.
 *
 * Everingham et al. 2010, Pascal VOC's segmentation accuracy. A class that is neither there nor answered is left out.
 */
import { type Metric, sum } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface DenseAnswer extends Chosen {
  /** A class for each place, example after example. */
  readonly labels: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
  /** How many places an example has, in order. */
  readonly sizes: ArrayLike<number>;
  readonly classes: number;
  /** The class in `truth` of places that do not count; 255 unless told. */
  readonly ignored?: number;
}

/** An example's value is its own mean over its own classes. */
export const meanIou: Metric<DenseAnswer> = {
  name: "miou",
  better: "higher",
  unit: "share",
  perExample: (answer) => Float64Array.from(placeTallies(answer), (tally) => meanOverClasses([tally])),
  overall: (answer) => meanOverClasses(placeTallies(answer)),
  resampled(answer) {
    const tallies = placeTallies(answer);
    return (counts) => meanOverClasses(tallies, counts);
  },
  chance: () => null,
};

/** Numbers of places, for each class. */
export interface PlaceTally {
  readonly there: Float64Array;
  readonly answered: Float64Array;
  readonly right: Float64Array;
}

/** One an example; places that do not count are in none. */
export function placeTallies({ labels, truth, sizes, classes, ignored = 255 }: DenseAnswer): PlaceTally[] {
  const places = sum(sizes);
  if (places !== truth.length || places !== labels.length) {
    throw new RangeError(
      `meanIou: sizes must add up to the places, got ${places} and ${labels.length} labels for ${truth.length} places.`,
    );
  }
  let place = 0;
  return Array.from(sizes, (size) => {
    const there = new Float64Array(classes);
    const answered = new Float64Array(classes);
    const right = new Float64Array(classes);
    for (const end = place + size; place < end; place++) {
      const said = labels[place]!;
      const own = truth[place]!;
      if (own === ignored) continue;
      if (!(own < classes && said < classes)) {
        throw new RangeError(
          `meanIou: classes must be from 0 to ${classes - 1}, got ${said} for ${own} at place ${place}.`,
        );
      }
      there[own]! += 1;
      answered[said]! += 1;
      if (said === own) right[own]! += 1;
    }
    return { there, answered, right };
  });
}

/** Intersection over union of each class; NaN where it is neither there nor answered. Example i stands counts[i] times, once unless told. */
export function classIous(tallies: readonly PlaceTally[], counts?: ArrayLike<number>): Float64Array {
  const classes = tallies[0]?.there.length ?? 0;
  return Float64Array.from({ length: classes }, (_, label) => {
    let intersection = 0;
    let union = 0;
    for (const [example, { there, answered, right }] of tallies.entries()) {
      const times = counts === undefined ? 1 : counts[example]!;
      intersection += times * right[label]!;
      union += times * (there[label]! + answered[label]! - right[label]!);
    }
    return intersection / union;
  });
}

function meanOverClasses(tallies: readonly PlaceTally[], counts?: ArrayLike<number>): number {
  const known = classIous(tallies, counts).filter((share) => !Number.isNaN(share));
  return sum(known) / known.length;
}
