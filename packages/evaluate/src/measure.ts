/**
 * A protocol's accuracy, over seeds, with an interval; beside it, always, the same protocol on the raw features and on
 * the encoder before it learned anything.
 */
import type { Random } from "@autodidact/core";
import { drawPerClass, type LabelledFeatures, rowsByClass, selectRows } from "@autodidact/core";
import { bootstrapInterval } from "./bootstrap.js";
import type { Protocol } from "./protocol.js";
import type { Score } from "./record.js";

export interface MeasureOptions {
  readonly random: Random;
  /** Of heads: validation splits, drawn examples. One where all labels are used, five where few are drawn, unless told. */
  readonly seeds?: readonly number[];
  /** Draws so many training examples of each class, anew for each seed; all of them unless told. */
  readonly labelsPerClass?: number | undefined;
  /** Of test examples that hang together. */
  readonly groups?: ArrayLike<number | string>;
  readonly signal?: AbortSignal | undefined;
}

/** Training and test features of one encoder. */
export interface Contender {
  readonly train: LabelledFeatures;
  readonly test: LabelledFeatures;
}

export interface Contenders {
  readonly encoder: Contender;
  /** Pixels, bag of words, mean and deviation of the log-mel spectrum. */
  readonly rawFeatures: Contender;
  /** The same architecture, not trained. */
  readonly randomInit: Contender;
}

export type Comparison = Record<keyof Contenders, Score>;

export async function measure(protocol: Protocol, { train, test }: Contender, options: MeasureOptions): Promise<Score> {
  const { random, labelsPerClass, groups, signal } = options;
  const seeds = options.seeds ?? (labelsPerClass === undefined ? [0] : [0, 1, 2, 3, 4]);
  const correctShare = new Float64Array(test.count); // over seeds, of each test example
  const values: number[] = [];
  const chosen: Record<string, number>[] = [];
  for (const seed of seeds) {
    const ofSeed = random.split(`head ${seed}`);
    const learnFrom =
      labelsPerClass === undefined
        ? train
        : selectRows(train, drawPerClass(train, labelsPerClass, ofSeed.split("labels")));
    const prediction = await protocol.predict(learnFrom, test, { random: ofSeed.split("protocol"), signal });
    let correct = 0;
    for (let row = 0; row < test.count; row++) {
      if (prediction.labels[row] !== test.labels[row]) continue;
      correct += 1;
      correctShare[row]! += 1 / seeds.length;
    }
    values.push(correct / test.count);
    chosen.push({ ...prediction.chosen });
  }
  return {
    metric: "accuracy",
    value: mean(values),
    interval: bootstrapInterval(correctShare, random.split("bootstrap"), { groups }),
    deviation: values.length > 1 ? standardDeviation(values) : null,
    seeds: [...seeds],
    values,
    chosen,
  };
}

/** Every contender gets the same drawn examples and validation splits. `protocol` may differ in how it reads a contender's features. */
export async function compare(
  protocol: Protocol | ((contender: keyof Contenders) => Protocol),
  contenders: Contenders,
  options: MeasureOptions,
  announce: (contender: keyof Contenders) => void = () => {},
): Promise<Comparison> {
  const scoreOf = (name: keyof Contenders) => {
    announce(name);
    return measure(typeof protocol === "function" ? protocol(name) : protocol, contenders[name], options);
  };
  return {
    encoder: await scoreOf("encoder"),
    rawFeatures: await scoreOf("rawFeatures"),
    randomInit: await scoreOf("randomInit"),
  };
}

/** The accuracy of always answering the commonest training class. */
export function chanceAccuracy(train: LabelledFeatures, test: LabelledFeatures): number {
  const counts = rowsByClass(train.labels, train.classes).map((rows) => rows.length);
  const commonest = counts.indexOf(Math.max(...counts));
  return test.labels.filter((label) => label === commonest).length / test.count;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Unbiased. */
function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
