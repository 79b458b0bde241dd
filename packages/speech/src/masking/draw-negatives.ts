/**
 * Which other hidden frames of its utterance a hidden frame is told from.
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 3.2: as many as asked, drawn with putting back.
 */
import { type Random, withoutGradient } from "@autodidact/core";
import { cast, greater, matMul, mul, oneHot, range, sub, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import type { HiddenFrames } from "./draw-spans.js";

/** A logit with this much added is none. */
export const NEVER = -1e9;

/**
 * [N, most, most]: at [n, i, j] the logarithm of how often hidden frame j is a negative of hidden frame i, which counts in a softmax as so
 * many logits of it; `NEVER` where it is not. On the diagonal, where a frame meets itself, 0.
 */
export function drawNegatives(
  hidden: HiddenFrames,
  { most, negatives }: { most: number; negatives: number },
  chance: Random,
): Tensor3D {
  const choices = new Float32Array(hidden.length * most * most).fill(NEVER);
  for (const [sample, { length: count }] of hidden.entries()) {
    const table = choices.subarray(sample * most * most, (sample + 1) * most * most);
    for (let own = 0; own < most; own += 1) {
      const row = table.subarray(own * most, (own + 1) * most);
      row[own] = 0;
      if (own < count) countDrawn({ own, count, negatives }, row, chance);
    }
  }
  return tensor3d(choices, [hidden.length, most, most]);
}

/**
 * Negatives that are what the positive is: one-hot codes [N, P, G · V] → [N, P, P], `NEVER` off the diagonal where all of the G codes are the
 * same, else 0. No gradient enters it.
 */
export function equalOnes(codes: Tensor3D, groups: number): Tensor3D {
  return withoutGradient(() => {
    const most = codes.shape[1];
    const isSame = cast(greater(matMul(codes, codes, false, true), groups - 0.5), "float32"); // of whole numbers, at most G
    return mul(sub(isSame, oneHot(range(0, most, 1, "int32"), most, 1, 0, "float32")), NEVER) as Tensor3D;
  });
}

function countDrawn(
  { own, count, negatives }: { own: number; count: number; negatives: number },
  row: Float32Array,
  chance: Random,
): void {
  const times = new Uint32Array(count);
  for (let k = 0; k < negatives; k += 1) {
    const other = chance.integer(count - 1);
    times[other < own ? other : other + 1]! += 1;
  }
  for (const [other, often] of times.entries()) if (often > 0) row[other] = Math.log(often);
}
