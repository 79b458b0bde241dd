/**
 * Training rows divided by chance, the same share of every class on each side.
 */

import { type LabelledFeatures, rowsByClass } from "../features/feature-table.js";
import type { Random } from "../random.js";
import { UsageError } from "../usage-error.js";

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

/** How many labels are learned from: so many of every class, or a share of each; all of them where nothing is told. */
export interface LabelBudget {
  /** At least 1. */
  readonly labelsPerClass?: number | undefined;
  /** Above 0, at most 1. */
  readonly labelShare?: number | undefined;
}

/**
 * Rows whose labels may be seen. Subsets are nested: of the same random, a larger budget of either kind holds the smaller, as the subsets of
 * 1 % and 10 % of ImageNet do (Chen et al. 2020, https://arxiv.org/abs/2002.05709, section 4). A share is rounded class by class, so that
 * classes keep their shares; a class of which none would be left is refused, by its name where `names` are told.
 */
export function nestedSubset(
  table: Pick<LabelledFeatures, "labels" | "classes">,
  { labelsPerClass, labelShare }: LabelBudget,
  random: Random,
  names?: readonly string[],
): number[] {
  if (labelsPerClass !== undefined && labelShare !== undefined) {
    throw new RangeError(
      `nestedSubset: labels are so many of each class or a share of all, got labelsPerClass ${labelsPerClass} and labelShare ${labelShare}. Leave one out.`,
    );
  }
  if (labelsPerClass !== undefined) return drawPerClass(table, labelsPerClass, random, names);
  if (labelShare === undefined) return [...table.labels.keys()];
  if (!(labelShare > 0 && labelShare <= 1))
    throw new RangeError(`nestedSubset: labelShare must be above 0 and at most 1, got ${labelShare}.`);
  const countOf = (rows: readonly number[], label: number) => {
    const count = Math.round(labelShare * rows.length);
    if (count > 0 || rows.length === 0) return count;
    throw new UsageError(
      `nestedSubset: every class must keep an example, and ${percent(labelShare)} of the ${rows.length} training examples of class ${names?.[label] ?? label} is none. ` +
        `Ask for ${percent(Math.ceil(5000 / rows.length) / 10000)} at least, or for so many of each class: { labelsPerClass: 1 }.`,
    );
  };
  return beginnings(table, countOf, random).sort((a, b) => a - b); // all of them are the table as it is
}

const percent = (share: number) => `${Number((100 * share).toPrecision(6))} %`;

/** `labelsPerClass` rows of every class; refuses where a class has fewer. */
export function drawPerClass(
  table: Pick<LabelledFeatures, "labels" | "classes">,
  labelsPerClass: number,
  random: Random,
  names?: readonly string[],
): number[] {
  const countOf = (rows: readonly number[], label: number) => {
    if (rows.length >= labelsPerClass) return labelsPerClass;
    throw new UsageError(
      `drawPerClass: class ${names?.[label] ?? label} must have at least ${labelsPerClass} training examples, has ${rows.length}. Ask for fewer labels per class.`,
    );
  };
  return beginnings(table, countOf, random);
}

/** The first so many of each class's rows, in an order by chance that does not depend on how many. */
function beginnings(
  { labels, classes }: Pick<LabelledFeatures, "labels" | "classes">,
  countOf: (rows: readonly number[], label: number) => number,
  random: Random,
): number[] {
  return rowsByClass(labels, classes).flatMap((rows, label) => {
    const count = countOf(rows, label);
    return Array.from(random.permutation(rows.length).subarray(0, count), (i) => rows[i]!);
  });
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
