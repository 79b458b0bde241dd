/**
 * F1 of each class, 2 · right / (there + answered), and their mean: classes count the same whatever their size, so that always answering
 * the commonest is worth little.
 *
 * As scikit-learn's f1_score(average="macro", labels=np.unique(truth)): the mean is over the classes that the test examples have, so that
 * whoever answers them is judged by the same ones. An answer of another class is wrong where it was given, and no class of its own.
 */
import type { Metric } from "../metric.js";
import { type ClassAnswer, type ClassLabels, commonestClass, isRight } from "./accuracy.js";
import { classesIn, type Tally, tally } from "./tally.js";

/** Shares from 0 to 1; what would be divided by nothing is 0. */
export interface ClassScore {
  /** Training and test examples that have the class. */
  readonly learnedFrom: number;
  readonly examples: number;
  /** Of the answers that say it, the share that is right. */
  readonly precision: number;
  /** Of the examples that have it, the share that is found. */
  readonly recall: number;
  readonly f1: number;
  /** Intersection over union, of places: right / (there or answered). */
  readonly iou?: number;
}

export const macroF1: Metric<ClassAnswer, ClassLabels> = {
  name: "macroF1",
  better: "higher",
  unit: "share",
  perExample: isRight,
  overall: (answer) => meanF1(tally(answer, classesIn(answer))),
  resampled(answer) {
    const classes = classesIn(answer);
    return (counts) => meanF1(tally(answer, classes, counts));
  },
  chance({ train, test }) {
    const labels = new Int32Array(test.labels.length).fill(commonestClass(train));
    return meanF1(tally({ labels, truth: test.labels }, train.classes));
  },
  perClass: (answers, { train }) => {
    const learnedFrom = tally({ labels: train.labels, truth: train.labels }, train.classes).there;
    const tallies = answers.map((answer) => tally(answer, train.classes));
    const overSeeds = (of: (tally: Tally) => number) => tallies.reduce((sum, one) => sum + of(one), 0) / tallies.length;
    return Array.from(learnedFrom, (count, label) => ({
      learnedFrom: count,
      examples: tallies[0]!.there[label]!,
      precision: overSeeds(({ right, answered }) => ratio(right[label]!, answered[label]!)),
      recall: overSeeds(({ right, there }) => ratio(right[label]!, there[label]!)),
      f1: overSeeds((one) => f1Of(one, label)),
    }));
  },
};

function meanF1(counted: Tally): number {
  let total = 0;
  let seen = 0;
  for (let label = 0; label < counted.there.length; label++) {
    if (counted.there[label] === 0) continue;
    total += f1Of(counted, label);
    seen += 1;
  }
  return total / seen;
}

const f1Of = ({ right, there, answered }: Tally, label: number) =>
  ratio(2 * right[label]!, there[label]! + answered[label]!);

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
