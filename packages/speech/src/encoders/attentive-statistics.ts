/**
 * Mean and standard deviation over time in which some frames count more: what makes one vector of a recording of any length.
 *
 * Okabe et al. 2018, https://arxiv.org/abs/1803.10963.
 */
import {
  conv1d,
  defineModule,
  linear,
  type Module,
  normalValues,
  parameter,
  type Random,
  withoutGradient,
} from "@autodidact/core";
import {
  add,
  concat,
  div,
  exp,
  matMul,
  max,
  maximum,
  mean,
  mul,
  reshape,
  split,
  sqrt,
  square,
  squeeze,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tanh,
  transpose,
} from "@tensorflow/tfjs-core";

/** μ and σ of each channel by weights softmax(scores) over time: x [N, T, C], scores [N, T, C] or [N, T, 1] → [N, 2C]. */
export function weightedStatistics(x: Tensor3D, scores: Tensor3D, /** The least variance. */ floor: number): Tensor2D {
  const highest = withoutGradient(() => max<Tensor3D>(scores, 1, true));
  const weights = exp(sub(scores, highest)); // [N, T, C], or [N, T, 1]
  const total = sum(weights, 1, true); // [N, 1, C], or [N, 1, 1]: what is divided by it is small
  const average = div(sum(mul(weights, x), 1, true), total); // μ [N, 1, C]
  // As Σ w (x − μ)², which is Σ w x² − μ² without the difference of large numbers.
  const variance = div(sum(mul(weights, square(sub(x, average))), 1, true), total); // [N, 1, C]
  return squeeze(concat([average, sqrt(maximum(variance, floor))], 2), [1]);
}

export interface ContextualStatisticsOptions {
  channels: number;
  /** Channels between both layers of the attention. */
  bottleneck: number;
  random: Random;
}

/**
 * Every channel has weights of its own, and they know the whole recording: frame, mean and deviation go into the attention.
 * Maps [N, T, C] to [N, 2C]. The paper's bias of the last layer is the same for all frames and cancels in the softmax over them: there is none.
 *
 * Desplanques et al. 2020, https://arxiv.org/abs/2005.07143, section 2.1; names and constants of wespeaker's `ASTP` with global context.
 */
export function contextualStatistics(options: ContextualStatisticsOptions): Module<Tensor3D, Tensor2D> {
  const { channels, bottleneck, random } = options;
  const linear1 = conv1d(3 * channels, bottleneck, { kernelSize: 1, random: random.split("linear1") });
  const linear2 = conv1d(bottleneck, channels, { kernelSize: 1, bias: false, random: random.split("linear2") });
  const { weight, bias } = linear1.parameters;

  function forward(x: Tensor3D): Tensor2D {
    const context = squeeze<Tensor2D>(concat(contextOf(x), 2), [1]); // [N, 2C]
    // Layer 1 sees frame, mean and deviation side by side; as a sum, the latter two are multiplied once a recording, not once a frame.
    const [ofFrame, ofContext] = split(transpose(squeeze<Tensor2D>(weight!, [2])), [channels, 2 * channels]); // [C, B], [2C, B]
    const [n, frames] = x.shape;
    const local = matMul(reshape(x, [n * frames, channels]), ofFrame!); // [N·T, B]
    const global = add(matMul(context, ofContext!), bias!); // [N, B]
    const both = add(reshape(local, [n, frames, bottleneck]), reshape(global, [n, 1, bottleneck]));
    const hidden = tanh<Tensor3D>(both as Tensor3D); // [N, T, B]
    return weightedStatistics(x, linear2(hidden), 1e-10);
  }

  return defineModule(forward, {
    children: [
      ["linear1", linear1],
      ["linear2", linear2],
    ],
  });
}

/** Mean and deviation of each channel, all frames alike: [N, 1, C] each. The variance is divided by T − 1, as PyTorch's is. */
function contextOf(x: Tensor3D): [Tensor3D, Tensor3D] {
  const average = mean<Tensor3D>(x, 1, true);
  const variance = mul(sum(square(sub(x, average)), 1, true), 1 / Math.max(x.shape[1] - 1, 1));
  return [average, sqrt<Tensor3D>(add(variance, 1e-10))];
}

/**
 * One weight a frame: the product of what a layer makes of it with a learned vector. Maps [N, T, C] to [N, 2C].
 *
 * As voxceleb_trainer's `ASP` of ResNetSE34L.
 */
export function selfAttentiveStatistics(channels: number, random: Random): Module<Tensor3D, Tensor2D> {
  const sapLinear = linear(channels, channels, { random: random.split("sap_linear") });
  const xavier = normalValues(Math.sqrt(2 / (channels + 1)));
  const attention = parameter([channels, 1], xavier, random.split("attention"));

  function forward(x: Tensor3D): Tensor2D {
    const [n, frames] = x.shape;
    const hidden: Tensor2D = reshape(tanh(sapLinear(x)), [n * frames, channels]); // [N·T, C]
    const scores: Tensor3D = reshape(matMul(hidden, attention as Tensor as Tensor2D), [n, frames, 1]);
    return weightedStatistics(x, scores, 1e-5);
  }

  return defineModule(forward, { parameters: { attention }, children: [["sap_linear", sapLinear]] });
}
