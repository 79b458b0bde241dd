/**
 * COCO's average precision: precision at 101 recalls, mean over thresholds of overlap and over classes.
 *
 * Lin et al. 2014, https://arxiv.org/abs/1405.0312, as pycocotools' COCOeval computes it for boxes, 100 of each image and class at most.
 */
import type { Metric } from "../metric.js";
import type { BoxAnswer } from "./box-answer.js";
import { type AreaRange, type MatchedBoxes, matchBoxes, overlapThresholds } from "./match-boxes.js";

/** Which objects count, by their area in pixels. */
export type ObjectSize = "all" | "small" | "medium" | "large";

const RANGES: Readonly<Record<ObjectSize, AreaRange>> = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
};
const RECALLS = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));

export interface AveragePrecisionOptions {
  /** One of 0.5, 0.55, … 0.95; the mean over all of them unless told. */
  readonly threshold?: number | undefined;
  /** All unless told. */
  readonly size?: ObjectSize | undefined;
}

/** 0 to 1; NaN where no class has an object that counts, for which COCO says −1. */
export function averagePrecision(answer: BoxAnswer, options: AveragePrecisionOptions = {}): number {
  return meanPrecision(answer, options)(new Float64Array(answer.truth.length).fill(1));
}

/** The same of each class, by label; NaN where it has no object that counts. */
export function classPrecisions(answer: BoxAnswer, options: AveragePrecisionOptions = {}): Float64Array {
  const counts = new Float64Array(answer.truth.length).fill(1);
  const places = placesOf(options.threshold);
  return Float64Array.from(rankedByClass(answer, options), (ranked) => classPrecision(ranked, counts, places));
}

function meanPrecision(answer: BoxAnswer, options: AveragePrecisionOptions): (counts: Float64Array) => number {
  const classes = rankedByClass(answer, options);
  const places = placesOf(options.threshold);
  return (counts) => {
    const known = classes.map((ranked) => classPrecision(ranked, counts, places)).filter((one) => !Number.isNaN(one));
    return known.reduce((sum, one) => sum + one, 0) / known.length;
  };
}

function placesOf(threshold: number | undefined): number[] {
  if (threshold === undefined) return [...overlapThresholds.keys()];
  const place = overlapThresholds.findIndex((one) => Math.abs(one - threshold) < 1e-9);
  if (place < 0) throw new RangeError(`averagePrecision: threshold must be 0.5, 0.55, … 0.95, got ${threshold}.`);
  return [place];
}

/** What was found of one class in all images, by falling score. */
interface Ranked {
  readonly image: Int32Array;
  /** For each threshold. */
  readonly verdicts: readonly Int8Array[];
  /** Objects that count, for each image. */
  readonly positives: Float64Array;
}

function rankedByClass(answer: BoxAnswer, { size = "all" }: AveragePrecisionOptions): Ranked[] {
  assertPaired(answer);
  return Array.from({ length: answer.classes }, (_, label) => {
    const matched = answer.truth.map((truth, image) =>
      matchBoxes(
        answer.found[image]!.filter((one) => one.label === label),
        truth.filter((one) => one.label === label),
        RANGES[size],
      ),
    );
    return ranked(matched);
  });
}

function ranked(matched: readonly (MatchedBoxes | undefined)[]): Ranked {
  const rows = matched.flatMap((one, image) => Array.from(one?.scores ?? [], (score, own) => ({ image, own, score })));
  rows.sort((a, b) => b.score - a.score); // stable, as NumPy's mergesort
  return {
    image: Int32Array.from(rows, ({ image }) => image),
    verdicts: overlapThresholds.map((_, place) =>
      Int8Array.from(rows, ({ image, own }) => matched[image]!.verdicts[place]![own]!),
    ),
    positives: Float64Array.from(matched, (one) => one?.positives ?? 0),
  };
}

/** Mean over thresholds; image i stands counts[i] times. */
function classPrecision(ranked: Ranked, counts: Float64Array, places: readonly number[]): number {
  const positives = ranked.positives.reduce((sum, own, image) => sum + own * counts[image]!, 0);
  if (positives === 0) return Number.NaN;
  return places.reduce((sum, place) => sum + interpolated(ranked, counts, place, positives), 0) / places.length;
}

function interpolated({ image, verdicts }: Ranked, counts: Float64Array, place: number, positives: number): number {
  const { length } = image;
  const recall = new Float64Array(length);
  const precision = new Float64Array(length);
  let right = 0;
  let wrong = 0;
  for (let row = 0; row < length; row++) {
    const verdict = verdicts[place]![row]!;
    if (verdict === 1) right += counts[image[row]!]!;
    if (verdict === 0) wrong += counts[image[row]!]!;
    recall[row] = right / positives;
    precision[row] = right / (right + wrong + Number.EPSILON);
  }
  for (let row = length - 1; row > 0; row--) precision[row - 1] = Math.max(precision[row - 1]!, precision[row]!);
  let row = 0;
  let total = 0;
  for (const least of RECALLS) {
    while (row < length && recall[row]! < least) row++;
    if (row === length) break;
    total += precision[row]!;
  }
  return total / RECALLS.length;
}

function assertPaired({ found, truth, classes }: BoxAnswer): void {
  if (found.length !== truth.length) {
    throw new RangeError(
      `averagePrecision: every image must be answered once, got answers for ${found.length} of ${truth.length}.`,
    );
  }
  const strange = [...found, ...truth]
    .flat()
    .find(({ label }) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (strange === undefined) return;
  throw new RangeError(`averagePrecision: labels must be from 0 to ${classes - 1}, got ${strange.label}.`);
}

const precisionMetric = (name: string, options: AveragePrecisionOptions): Metric<BoxAnswer> => ({
  name,
  better: "higher",
  unit: "share",
  perExample: ({ found, truth, classes }) =>
    Float64Array.from(truth, (own, image) =>
      averagePrecision({ found: [found[image]!], truth: [own], classes }, options),
    ),
  overall: (answer) => averagePrecision(answer, options),
  resampled: (answer) => meanPrecision(answer, options),
  chance: () => null,
});

/** The mean over thresholds from 0.5 to 0.95. An image's own value is NaN where it has no object. */
export const ap: Metric<BoxAnswer> = precisionMetric("ap", {});
/** A box that overlaps the true one by half is right. */
export const ap50: Metric<BoxAnswer> = precisionMetric("ap50", { threshold: 0.5 });
