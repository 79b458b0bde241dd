/**
 * Labels of rows without learning: the entry of a random codebook that is nearest to a random projection of the row.
 *
 * Chiu et al. 2022, https://arxiv.org/abs/2202.01855, eq. 1.
 */
import { defineModule, l2Normalize, type Module, type Random } from "@autodidact/core";
import {
  argMax,
  expandDims,
  matMul,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  tidy,
  tile,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";

export interface RandomQuantizerOptions {
  /** Each gives a label of its own. */
  codebooks: number;
  /** V, the entries of a codebook. */
  entries: number;
  /** Of an entry, and of the row's projection. */
  size: number;
  random: Random;
}

/** Maps rows [M, inputSize] to labels int32 [codebooks, M]. Nothing of it is learned; what it was made of is saved as its buffers. */
export function randomQuantizer(inputSize: number, options: RandomQuantizerOptions): Module<Tensor2D, Tensor2D> {
  const { codebooks, entries, size, random } = options;
  const bound = Math.sqrt(6 / (inputSize + size)); // Xavier uniform
  const drawn = random.split("projection").uniforms(codebooks * inputSize * size, -bound, bound);
  const projection = fixed(drawn, [codebooks, inputSize, size]);
  const codebook = fixed(random.split("codebook").normals(codebooks * entries * size), [codebooks, entries, size]);

  function forward(rows: Tensor2D): Tensor2D {
    const each = tile(expandDims(rows, 0), [codebooks, 1, 1]) as Tensor3D; // [B, M, inputSize]
    const projected = l2Normalize(matMul(each, projection as Tensor as Tensor3D)); // [B, M, size]
    const cosines = matMul(projected, l2Normalize(codebook as Tensor as Tensor3D), false, true); // [B, M, V]
    return argMax(cosines, 2); // the nearest of unit vectors has the largest cosine
  }

  return defineModule(forward, { buffers: { projection, codebook } });
}

function fixed(values: Float32Array, shape: [number, number, number]): Variable {
  return tidy(() => variable(tensor3d(values, shape), false));
}
