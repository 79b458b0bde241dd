/**
 * All hidden frames of a batch as one list, its length one of a few, so that a step is compiled for few shapes whatever chance hides.
 */
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import type { HiddenFrames } from "./draw-spans.js";

export type HiddenRows = {
  /** 1 where a frame is hidden, [N, F]. */
  readonly mask: Tensor2D;
  /** The hidden frames among all N × F of the batch, int32 [R]; the first again where there are fewer. */
  readonly rows: Tensor1D;
  /** 1 for each that is one, 0 for those that fill up, [R]. */
  readonly counted: Tensor1D;
};

/** R is a multiple of this share of a batch's frames: of spans that hide a third, most batches have one of three R, and few rows fill up. */
const STEP = 1 / 16;

export function hiddenRows(hidden: HiddenFrames, frames: number): HiddenRows {
  const n = hidden.length;
  const hiding = hidden.flatMap((own, sample) => Array.from(own, (frame) => sample * frames + frame));
  const step = Math.ceil(STEP * n * frames);
  const length = step * Math.max(1, Math.ceil(hiding.length / step));
  const mask = new Float32Array(n * frames);
  for (const row of hiding) mask[row] = 1;
  const rows = new Int32Array(length).fill(hiding[0] ?? 0);
  rows.set(hiding);
  return {
    mask: tensor2d(mask, [n, frames]),
    rows: tensor1d(rows, "int32"),
    counted: tensor1d(new Float32Array(length).fill(1, 0, hiding.length)),
  };
}
