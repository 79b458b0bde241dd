/**
 * y = x Wᵀ + b, as torch.nn.Linear.
 */
import { add, matMul, reshape, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Random } from "../random.js";
import { type Initializer, kaimingUniform, uniformValues } from "./initializers.js";
import { defineModule, type Module } from "./module.js";
import { parameter } from "./parameter.js";

export interface LinearOptions {
  random: Random;
  bias?: boolean;
  /** The start of the weight; PyTorch's kaiming uniform unless told. */
  initialize?: Initializer;
  /** PyTorch's U(±1/√inputSize) unless told. */
  initializeBias?: Initializer;
}

/** Maps [..., inputSize] to [..., outputSize]. */
export function linear(inputSize: number, outputSize: number, options: LinearOptions): Module<Tensor, Tensor> {
  const { random, bias: hasBias = true, initialize = kaimingUniform } = options;
  const { initializeBias = uniformValues(1 / Math.sqrt(inputSize)) } = options;
  const weight = parameter([outputSize, inputSize], initialize, random.split("weight"));
  const bias = hasBias ? parameter([outputSize], initializeBias, random.split("bias")) : undefined;

  function forward(x: Tensor): Tensor {
    if (x.shape[x.rank - 1] !== inputSize) {
      throw new Error(
        `linear: the input's last axis must be ${inputSize} (weight [${weight.shape}]), got shape [${x.shape}].`,
      );
    }
    const rows = reshape(x, [-1, inputSize]); // [M, in]
    const product = matMul(rows as Tensor2D, weight as Tensor as Tensor2D, false, true); // [M, out]
    const y = bias ? add(product, bias) : product;
    return reshape(y, [...x.shape.slice(0, -1), outputSize]); // [..., out]
  }

  return defineModule(forward, { parameters: bias ? { weight, bias } : { weight } });
}
