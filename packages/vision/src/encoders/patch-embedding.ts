/**
 * Patches to embeddings: the convolution of stride P that vision transformers begin with, as the product that it is.
 */
import { defineModule, filledParameter, type Module, parameter, type Random, uniformValues } from "@autodidact/core";
import { add, matMul, reshape, type Tensor, type Tensor2D, type Tensor3D, transpose } from "@tensorflow/tfjs-core";

export interface PatchEmbeddingOptions {
  readonly patchSize: number;
  readonly channels: number;
  readonly width: number;
  readonly random: Random;
  /** Saved with the rest but never learned, as in MoCo v3. */
  readonly isFrozen: boolean;
}

/** [N, T, P·P·C] → [N, T, width]; the weight is a convolution's, [width, C, P, P]. */
export function patchEmbedding(options: PatchEmbeddingOptions): Module<Tensor3D, Tensor3D> {
  const { patchSize, channels, width, random, isFrozen } = options;
  const fanIn = patchSize * patchSize * channels;
  const xavier = uniformValues(Math.sqrt(6 / (fanIn + width))); // of the linear layer that it is, as in MAE's code
  const weight = parameter([width, channels, patchSize, patchSize], xavier, random);
  const bias = filledParameter([width], 0);

  function forward(patches: Tensor3D): Tensor3D {
    const [n, count] = patches.shape;
    const matrix = reshape(transpose(weight as Tensor, [0, 2, 3, 1]), [width, fanIn]) as Tensor2D; // rows as `patchify` lays them
    const product = matMul(reshape(patches, [n * count, fanIn]) as Tensor2D, matrix, false, true); // [N T, width]
    return reshape(add(product, bias), [n, count, width]);
  }

  return defineModule(forward, { [isFrozen ? "buffers" : "parameters"]: { weight, bias } });
}
