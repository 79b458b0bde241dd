/**
 * Which of the boxes found in an image are right, at each of COCO's thresholds: pycocotools' COCOeval.evaluateImg.
 *
 * By falling score, each found box takes the true box that it overlaps most and that nobody took yet; true boxes that do not count (crowds,
 * other sizes) are taken only where no other is near enough.
 */
import { type FoundBox, overlap, type TrueBox } from "./box-answer.js";

/** 0.5, 0.55, … 0.95. */
export const overlapThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

export const MOST_FOUND = 100;

/** Of one image and class, boxes by falling score. */
export interface MatchedBoxes {
  readonly scores: Float64Array;
  /** For each threshold and found box: 1 right, 0 wrong, −1 where it does not count. */
  readonly verdicts: readonly Int8Array[];
  /** True boxes that count. */
  readonly positives: number;
}

/** Areas in pixels, both ends within. */
export type AreaRange = readonly [least: number, most: number];

/** Undefined where nothing is there and nothing was found. */
export function matchBoxes(
  found: readonly FoundBox[],
  truth: readonly TrueBox[],
  range: AreaRange,
): MatchedBoxes | undefined {
  if (found.length === 0 && truth.length === 0) return undefined;
  const isOutside = (area: number) => area < range[0] || area > range[1];
  const isPassed = ({ isCrowd = false, area, box }: TrueBox) => isCrowd || isOutside(area ?? box[2] * box[3]);
  const counted = truth.filter((one) => !isPassed(one));
  const wanted = [...counted, ...truth.filter(isPassed)];
  const ranked = [...found].sort((a, b) => b.score - a.score).slice(0, MOST_FOUND); // stable, as NumPy's mergesort
  const overlaps = ranked.map(({ box }) => wanted.map((one) => overlap(box, one)));
  const ignores = ranked.map(({ box }) => isOutside(box[2] * box[3]));
  return {
    scores: Float64Array.from(ranked, ({ score }) => score),
    verdicts: overlapThresholds.map((threshold) =>
      judged({ overlaps, ignores, wanted, counted: counted.length, threshold }),
    ),
    positives: counted.length,
  };
}

interface Judging {
  readonly overlaps: readonly (readonly number[])[];
  /** For each found box, whether it does not count where it takes nothing. */
  readonly ignores: readonly boolean[];
  /** Those that count come first. */
  readonly wanted: readonly TrueBox[];
  readonly counted: number;
  readonly threshold: number;
}

function judged({ overlaps, ignores, wanted, counted, threshold }: Judging): Int8Array {
  const isTaken = new Uint8Array(wanted.length);
  return Int8Array.from(overlaps, (own, place) => {
    let best = Math.min(threshold, 1 - 1e-10);
    let match = -1;
    for (const [i, one] of wanted.entries()) {
      if (isTaken[i] === 1 && one.isCrowd !== true) continue;
      if (match >= 0 && match < counted && i >= counted) break;
      if (own[i]! < best) continue;
      best = own[i]!;
      match = i;
    }
    if (match < 0) return ignores[place] ? -1 : 0;
    isTaken[match] = 1;
    return match < counted ? 1 : -1;
  });
}
