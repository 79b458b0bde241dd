/**
 * What a few labels make of features: a linear probe, cross-validated over the labelled examples, with several draws of folds and labels.
 *
 * Every example is answered once a seed, by a head that has not seen it, so that candidates are compared on the same examples one by one. The
 * penalty is one for all, the default of scikit-learn's logistic regression at these numbers of labels: a choice by validation among some tens of
 * labels is noise, and would cost as much as the pilots.
 */
import { type LabelledFeatures, type Random, rowsByClass, selectRows, stratifiedFolds } from "@autodidact/core";
import type { ClassProtocol, ClassTask } from "../classes/class-protocol.js";
import { linearProbe } from "../classes/linear-probe.js";
import type { ProbeAnswers } from "./pilot-evidence.js";

/** What a probe learns from some rows and is asked of others, and the protocol that reads both. */
export type ProbeReader = (
  learn: readonly number[],
  ask: readonly number[],
) => { task: ClassTask; protocol: ClassProtocol };

/** Classes of the labelled examples. */
export interface ProbeLabels {
  readonly labels: Int32Array;
  readonly classes: number;
}

export interface FewLabelOptions {
  readonly random: Random;
  /** Draws of folds and labels; 3 unless told. */
  readonly seeds?: number | undefined;
  readonly folds?: number | undefined;
  /** At most; of about 400 labels in all unless told. */
  readonly labelsPerClass?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const SEEDS = 3;
const FOLDS = 5;
const LABELS = 400;
const FEWEST_OF_A_CLASS = 5;
/** C = 1 of scikit-learn at 50 labels, and more at more of them: 1 / (2 · C · labels). */
const PENALTY = 1e-2;
/** At this penalty what follows changes hardly an answer; of thousands of raw pixels it would cost minutes. */
const ITERATIONS = 50;

export const fewLabelProtocol = () => linearProbe({ l2: [PENALTY], maxIterations: ITERATIONS });

export function labelsOfAClass(classes: number): number {
  return Math.max(FEWEST_OF_A_CLASS, Math.round(LABELS / classes));
}

/** What `fewLabelProbe` does where nothing is told. */
export const probeOfSample = (classes: number) => ({
  labelsPerClass: labelsOfAClass(classes),
  folds: FOLDS,
  seeds: SEEDS,
});

/** Features as a linear probe reads them. */
export function denseReader(features: LabelledFeatures, protocol: ClassProtocol = fewLabelProtocol()): ProbeReader {
  return (learn, ask) => ({ task: { train: selectRows(features, learn), test: selectRows(features, ask) }, protocol });
}

export async function fewLabelProbe(
  read: ProbeReader,
  labels: ProbeLabels,
  options: FewLabelOptions,
): Promise<ProbeAnswers> {
  const { random, seeds = SEEDS, folds = FOLDS, labelsPerClass = labelsOfAClass(labels.classes), signal } = options;
  const answers: string[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const ofSeed = random.split(`probe ${seed}`);
    const right = new Array<string>(labels.labels.length);
    for (const [fold, { fit, validate }] of stratifiedFolds(labels, ofSeed.split("folds"), { folds }).entries()) {
      if (validate.length === 0) continue; // fewer examples than folds
      const chance = ofSeed.split(`fold ${fold}`);
      const learn = fewOf(fit, labels, labelsPerClass, chance.split("labels"));
      const { task, protocol } = read(learn, validate);
      const { labels: said } = await protocol.run(task, { random: chance.split("protocol"), signal });
      for (const [i, row] of validate.entries()) right[row] = said[i] === labels.labels[row] ? "1" : "0";
    }
    answers.push(right.join(""));
  }
  return answers;
}

/** So many of each class, drawn by chance, or all where there are fewer; in the rows' order. */
function fewOf(rows: readonly number[], { labels, classes }: ProbeLabels, most: number, random: Random): number[] {
  const own = Int32Array.from(rows, (row) => labels[row]!);
  const drawn = rowsByClass(own, classes).flatMap((places) =>
    Array.from(random.permutation(places.length).subarray(0, most), (i) => rows[places[i]!]!),
  );
  return drawn.sort((a, b) => a - b);
}
