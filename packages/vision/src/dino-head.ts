/**
 * DINO's head: a perceptron of three layers to unit vectors, and their cosines with prototypes, which are unit vectors too.
 *
 * Caron et al. 2021, https://arxiv.org/abs/2104.14294, appendix C; `DINOHead` of https://github.com/facebookresearch/dino.
 */
import {
  batchNorm,
  defineModule,
  gelu,
  kaimingUniform,
  type Layer,
  l2Normalize,
  linear,
  type Module,
  normalValues,
  parameter,
  type Random,
  sequential,
  withoutGradient,
  zeroValues,
} from "@autodidact/core";
import { add, clone, matMul, mul, sub, type Tensor, type Tensor2D, type Variable } from "@tensorflow/tfjs-core";

export interface DinoHeadSizes {
  /** Of both layers before the bottleneck. The authors use 2,048. */
  hiddenSize?: number;
  /** Of the vectors that are compared with prototypes. The authors use 256. */
  bottleneckSize?: number;
  /** Whether batch norms follow the hidden layers. The authors have them for ResNets, and none for vision transformers. */
  headNorm?: boolean;
}

export interface DinoHeadOptions extends DinoHeadSizes {
  random: Random;
  /** K, outputs. */
  prototypes: number;
  /** The gradient of the prototypes is multiplied by it: 0 where they stay. 1 unless told. */
  release?: Variable;
}

/** Features [N, inputSize] → cosines [N, K]. Names as the authors': "mlp.0.weight", "last_layer.weight_v". */
export function dinoHead(inputSize: number, options: DinoHeadOptions): Module<Tensor, Tensor2D> {
  const { random, prototypes, hiddenSize = 2048, bottleneckSize = 256, headNorm = false, release } = options;
  const dense = (from: number, to: number, name: string, bias = true) =>
    linear(from, to, {
      random: random.split(name),
      bias,
      initialize: normalValues(0.02),
      initializeBias: zeroValues,
    });
  const hidden = (from: number, name: string): Layer[] => {
    const layer = dense(from, hiddenSize, name, !headNorm); // a norm would take the bias out
    return headNorm ? [layer, batchNorm(hiddenSize), gelu] : [layer, gelu];
  };
  const layers = [...hidden(inputSize, "first"), ...hidden(hiddenSize, "second")];
  const perceptron = sequential([...layers, dense(hiddenSize, bottleneckSize, "third")]);
  const weight = parameter([prototypes, bottleneckSize], kaimingUniform, random.split("prototypes"));

  function forward(features: Tensor): Tensor2D {
    const vectors = l2Normalize(perceptron(features)) as Tensor2D; // [N, bottleneckSize]
    const rows = (release === undefined ? weight : slowed(weight, release)) as Tensor2D;
    return matMul(vectors, l2Normalize(rows), false, true); // weight-normalised, of length 1: [N, K]
  }
  return defineModule(forward, {
    children: [
      ["mlp", perceptron],
      ["last_layer", defineModule((x: Tensor) => x, { parameters: { weight_v: weight } })],
    ],
  });
}

/** The same values, whose gradient is multiplied by `rate`. */
function slowed(values: Tensor, rate: Tensor): Tensor {
  const held = withoutGradient(() => clone(values));
  const share = withoutGradient(() => clone(rate));
  return add(held, mul(sub(values, held), share)); // held + 0
}
