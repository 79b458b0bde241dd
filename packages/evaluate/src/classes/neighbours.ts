/**
 * How many neighbours may vote. Once k reaches the training set every row votes everywhere, and what decides is no longer who is near.
 *
 * Of a good encoder all neighbours of a question are of its class. So no more of them are asked than the smallest class has examples:
 * beyond it, other classes must outvote it even there. Wu et al.'s 200 is for classes of 1300 and holds wherever each class has so many.
 */
import { type LabelledFeatures, rowsByClass } from "@autodidact/core";

type Labels = Pick<LabelledFeatures, "labels" | "classes">;

/** Wu et al. 2018, https://arxiv.org/abs/1805.01978, section 3.4. */
export const USUAL_NEIGHBOURS = 200;
/** A class of very few must not leave a single vote to all others, where those are large enough for so many. */
const LEAST_NEIGHBOURS = 10;

/** `asked`, which must be a whole number of at least 1; where it is undefined, as many as are still near. */
export function neighboursFor(who: string, asked: number | undefined, labels: Labels): number {
  const sizes = sizesOf(labels);
  if (asked !== undefined) {
    const largest = mostNeighbours(labels);
    if (asked <= largest) return asked;
    throw new RangeError(
      `${who}: k must be at most ${largest}, the training examples of the largest class, got ${asked}: no neighbourhood could be of one class. Leave k out to have it chosen by the classes.`,
    );
  }
  const smallest = sizes.reduce((least, size) => Math.min(least, size), Infinity);
  const halfOfMean = Math.floor(labels.labels.length / (2 * sizes.length));
  return Math.min(USUAL_NEIGHBOURS, Math.max(smallest, Math.min(LEAST_NEIGHBOURS, halfOfMean)));
}

/** As many as the largest class has: no neighbourhood of more could be of one class. */
export function mostNeighbours(labels: Labels): number {
  return sizesOf(labels).reduce((most, size) => Math.max(most, size), 0);
}

export function assertNeighbours(who: string, k: number | undefined): void {
  if (k === undefined || (Number.isInteger(k) && k >= 1)) return;
  throw new RangeError(`${who}: k must be a whole number of at least 1, got ${k}.`);
}

/** What a record says was asked; how many voted is what each seed chose, `kUsed`. */
export function askedNeighbours(k: number | undefined) {
  return k === undefined ? { k: USUAL_NEIGHBOURS, kAtMost: "the smallest class's examples" } : { k };
}

/** Examples of each class that has any. */
function sizesOf({ labels, classes }: Labels): number[] {
  return rowsByClass(labels, classes)
    .map((rows) => rows.length)
    .filter((size) => size > 0);
}
