/**
 * A transformer layer as BERT and ALBERT have it: attention, then a perceptron, each added to its input and normalised.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762; only the names of the variables differ between the two.
 */
import {
  defineModule,
  dropout,
  jointLinear,
  layerNorm,
  type Module,
  type Random,
  scaledDotProductAttention,
} from "@autodidact/core";
import { add, reshape, type Tensor, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { type Activation, activations } from "./activation.js";
import { dense } from "./dense.js";
import { type DropoutRates, noDropout } from "./dropout-rates.js";

export interface PostNormLayerConfig {
  readonly hidden_size: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly hidden_act: Activation;
  readonly initializer_range: number;
  readonly layer_norm_eps: number;
}

/** Hugging Face's names of a layer's parts. */
export interface PostNormLayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
  readonly outputNorm: string;
  readonly up: string;
  readonly down: string;
  readonly norm: string;
}

/** States [N, T, D] and, where something is padded, what may be seen, bool [N, 1, 1, T] → [N, T, D]. Nothing is dropped unless told. */
export interface PostNormLayer extends Module<Tensor3D, Tensor3D> {
  (states: Tensor3D, seen?: Tensor, rates?: DropoutRates): Tensor3D;
}

export function postNormLayer(config: PostNormLayerConfig, names: PostNormLayerNames, random: Random): PostNormLayer {
  const { hidden_size: size, num_attention_heads: heads, intermediate_size: inside } = config;
  const activation = activations[config.hidden_act];
  const project = (from: number, to: number, name: string) =>
    dense(from, to, { random: random.split(name), range: config.initializer_range });
  const [query, key, value] = [project(size, size, "query"), project(size, size, "key"), project(size, size, "value")];
  const output = project(size, size, "output");
  const outputNorm = layerNorm(size, { epsilon: config.layer_norm_eps });
  const [up, down] = [project(size, inside, "up"), project(inside, size, "down")];
  const norm = layerNorm(size, { epsilon: config.layer_norm_eps });

  function attention(states: Tensor3D, rates: DropoutRates, seen?: Tensor): Tensor {
    const [batch, length] = states.shape;
    const apart = (part: Tensor) => transpose(reshape(part, [batch, length, heads, size / heads]), [0, 2, 1, 3]);
    const [q, k, v] = jointLinear(states, [query, key, value]).map(apart) as [Tensor4D, Tensor4D, Tensor4D]; // [N, heads, T, d]
    const found = scaledDotProductAttention(q, k, v, { mask: seen, dropout: rates.weights }); // [N, heads, T, d]
    return dropout(rates.attention)(output(reshape(transpose(found, [0, 2, 1, 3]), [batch, length, size])));
  }

  function forward(states: Tensor3D, seen?: Tensor, rates = noDropout): Tensor3D {
    const attended = outputNorm(add(states, attention(states, rates, seen)));
    const widened = dropout(rates.perceptron)(down(activation(up(attended))));
    return norm(add(attended, widened)) as Tensor3D; // [N, T, D]
  }

  return defineModule(forward, {
    children: [
      [names.query, query],
      [names.key, key],
      [names.value, value],
      [names.output, output],
      [names.outputNorm, outputNorm],
      [names.up, up],
      [names.down, down],
      [names.norm, norm],
    ],
  });
}
