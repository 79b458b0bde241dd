/**
 * Channels are made louder or softer by what the whole recording holds: x · σ(W₂ relu(W₁ mean(x))).
 *
 * Hu et al. 2017, https://arxiv.org/abs/1709.01507.
 */
import { defineModule, linear, type Module, type Random } from "@autodidact/core";
import { mean, mul, relu, reshape, sigmoid, type Tensor } from "@tensorflow/tfjs-core";

export interface SqueezeExcitationOptions {
  channels: number;
  /** Channels between both layers. */
  bottleneck: number;
  random: Random;
  /** What both layers are called among the parameters. */
  names: readonly [string, string];
}

/** Maps [N, …, C] to the same shape; the mean is over all axes between. */
export function squeezeExcitation(options: SqueezeExcitationOptions): Module<Tensor, Tensor> {
  const { channels, bottleneck, random, names } = options;
  const squeeze = linear(channels, bottleneck, { random: random.split(names[0]) });
  const excite = linear(bottleneck, channels, { random: random.split(names[1]) });

  function forward(x: Tensor): Tensor {
    const between = Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1);
    const gates = sigmoid(excite(relu(squeeze(mean(x, between))))); // [N, C]
    return mul(x, reshape(gates, [x.shape[0]!, ...between.map(() => 1), channels]));
  }

  return defineModule(forward, {
    children: [
      [names[0], squeeze],
      [names[1], excite],
    ],
  });
}
