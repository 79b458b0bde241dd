/**
 * Training rows divided by chance, the same share of every class on each side.
 */

import { type LabelledFeatures, rowsByClass } from "../features/feature-table.js";
import { createRandom, type Random } from "../random.js";

export interface Split {
  readonly fit: number[];
  readonly validate: number[];
}

/**
 * `folds` splits in which every row is validated once, or, with `only`, the first `only` of them.
 * A class of fewer rows than folds is missing from some validation sides, never from a fitting side.
 */
export function stratifiedFolds(
  { labels, classes }: Pick<LabelledFeatures, "labels" | "classes">,
  random: Random,
  { folds, only = folds }: { folds: number; only?: number },
): Split[] {
  const foldOf = new Int32Array(labels.length);
  let dealt = 0; // continues over classes, so that folds are equally large
  for (const rows of rowsByClass(labels, classes)) {
    for (const i of random.permutation(rows.length)) foldOf[rows[i]!] = dealt++ % folds;
  }
  const rows = Array.from(labels.keys());
  return Array.from({ length: only }, (_, fold) => ({
    fit: rows.filter((row) => foldOf[row] !== fold),
    validate: rows.filter((row) => foldOf[row] === fold),
  }));
}

/** `labelsPerClass` rows of every class; refuses where a class has fewer. */
export function drawPerClass(
  { labels, classes }: Pick<LabelledFeatures, "labels" | "classes">,
  labelsPerClass: number,
  random: Random,
): number[] {
  return rowsByClass(labels, classes).flatMap((rows, label) => {
    if (rows.length < labelsPerClass) {
      throw new RangeError(
        `drawPerClass: class ${label} must have at least ${labelsPerClass} training examples, has ${rows.length}. Ask for fewer labels per class.`,
      );
    }
    return Array.from(random.permutation(rows.length).subarray(0, labelsPerClass), (i) => rows[i]!);
  });
}

/**
 * A fifth of every class for testing, of a set that comes without a test part: the same rows each time, so that scores of different days
 * can be compared.
 */
export function heldOutFifth(labels: Int32Array, classes: number): { train: number[]; test: number[] } {
  const [split] = stratifiedFolds({ labels, classes }, createRandom(0), { folds: 5, only: 1 });
  return { train: split!.fit, test: split!.validate };
}

/** The first `count` rows of each class, in their order; all of them unless told. */
export function firstPerClass(
  rows: Iterable<number>,
  labelOf: (row: number) => number | undefined,
  count = Number.POSITIVE_INFINITY,
): number[] {
  const taken = new Map<number | undefined, number>();
  return Array.from(rows).filter((row) => {
    const label = labelOf(row);
    const ofClass = (taken.get(label) ?? 0) + 1;
    taken.set(label, ofClass);
    return ofClass <= count;
  });
}
