/**
 * A learned row for each id, as torch.nn.Embedding.
 */
import { gather, type Tensor } from "@tensorflow/tfjs-core";
import type { Random } from "../random.js";
import { type Initializer, normalValues } from "./initializers.js";
import { defineModule, type Module } from "./module.js";
import { parameter } from "./parameter.js";

export interface EmbeddingOptions {
  random: Random;
  /** PyTorch's N(0, 1) unless told. */
  initialize?: Initializer;
}

/** Maps ids (int32, any shape, each in [0, count)) to [..., size]. */
export function embedding(count: number, size: number, options: EmbeddingOptions): Module<Tensor, Tensor> {
  const { random, initialize = normalValues(1) } = options;
  const weight = parameter([count, size], initialize, random.split("weight"));

  function forward(ids: Tensor): Tensor {
    if (ids.dtype !== "int32") {
      throw new Error(`embedding: ids must be int32, got ${ids.dtype}. Make them with dtype "int32".`);
    }
    return gather(weight as Tensor, ids); // [..., size]
  }

  return defineModule(forward, { parameters: { weight } });
}
