/**
 * The newest keys of many batches: negatives that cost no forward pass.
 *
 * He et al. 2019, https://arxiv.org/abs/1911.05722, section 3.2.
 */
import {
  concat,
  type Rank,
  slice,
  type Tensor2D,
  tensor2d,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import type { Random } from "../random.js";
import { defineModule, type Module } from "./module.js";

export interface Queue extends Module<Tensor2D, void> {
  /** [size, width], oldest first: unit rows drawn by chance, until keys have taken their places. */
  readonly rows: Variable<Rank.R2>;
  /** The oldest rows leave, the batch's keys [N, width] enter; to be called in `remember`. Normalise them before. */
  push(keys: Tensor2D): void;
}

/**
 * The authors write a batch in the place of the oldest and move a pointer, so that their size must be divisible by the batch. Here all rows
 * move up instead: a compiled step writes a variable anew in either case, and any batch up to the size will do.
 */
export function queue(size: number, width: number, random: Random): Queue {
  for (const [name, value] of Object.entries({ size, width })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`queue: ${name} must be a whole number from 1, got ${value}.`);
  }
  const drawn = tidy(() => variable(l2Normalize(tensor2d(random.normals(size * width), [size, width])), false));
  const rows = drawn as Variable<Rank.R2>;

  function push(keys: Tensor2D): void {
    const entering = keys.shape[0];
    if (keys.rank !== 2 || keys.shape[1] !== width || entering > size) {
      throw new Error(
        `queue: keys must be [N, ${width}] with N at most ${size}, got [${keys.shape}]. Take a larger queue or a smaller batch.`,
      );
    }
    tidy(() => {
      const staying = slice(rows, [entering, 0], [size - entering, width]);
      rows.assign(concat([staying, keys]));
    });
  }

  return Object.assign(defineModule(push, { buffers: { rows } }), { rows, push });
}
