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
  perExample(answer) {
    const tallies = tally(answer);
    return Float64Array.from(tallies, (_, example) => meanOverClasses([tallies[example]!], [1]));
  },
  overall(answer) {
    const tallies = tally(answer);
    return meanOverClasses(tallies, new Float64Array(tallies.length).fill(1));
  },
  resampled(answer) {
    const tallies = tally(answer);
    return (counts) => meanOverClasses(tallies, counts);
  },
  chance: () => null,
};

interface Overlap {
  /** The number of places, for each class. */
  readonly intersection: Float64Array;
  readonly union: Float64Array;
}

function tally({ labels, truth, sizes, classes, ignored = 255 }: DenseAnswer): Overlap[] {
  const places = sum(sizes);
  if (places !== truth.length || places !== labels.length) {
    throw new RangeError(
      `meanIou: sizes must add up to the places, got ${places} and ${labels.length} labels for ${truth.length} places.`,
    );
  }
  let place = 0;
  return Array.from(sizes, (size) => {
    const intersection = new Float64Array(classes);
    const union = new Float64Array(classes);
    for (const end = place + size; place < end; place++) {
      const answered = labels[place]!;
      const right = truth[place]!;
      if (right === ignored) continue;
      if (!(right < classes && answered < classes)) {
        throw new RangeError(
          `meanIou: classes must be from 0 to ${classes - 1}, got ${answered} for ${right} at place ${place}.`,
        );
      }
      union[right]! += 1;
      if (answered === right) intersection[right]! += 1;
      else union[answered]! += 1;
    }
    return { intersection, union };
  });
}

function meanOverClasses(tallies: readonly Overlap[], counts: ArrayLike<number>): number {
  const classes = tallies[0]?.union.length ?? 0;
  let total = 0;
  let seen = 0;
  for (let label = 0; label < classes; label++) {
    let intersection = 0;
    let union = 0;
    for (const [example, overlap] of tallies.entries()) {
      intersection += counts[example]! * overlap.intersection[label]!;
      union += counts[example]! * overlap.union[label]!;
    }
    if (union === 0) continue;
    total += intersection / union;
    seen += 1;
  }
  return total / seen;
}
