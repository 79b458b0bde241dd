/**
 * A transformer layer of wav2vec 2.0, in the names of Hugging Face's files.
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 2; Vaswani et al. 2017, https://arxiv.org/abs/1706.03762.
 */
import {
  defineModule,
  dropout,
  gelu,
  jointLinear,
  layerNorm,
  linear,
  type Module,
  normalValues,
  type Random,
  scaledDotProductAttention,
  zeroValues,
} from "@autodidact/core";
import { add, reshape, type Tensor, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";

export interface Wav2vec2LayerSizes {
  readonly width: number;
  readonly heads: number;
  readonly hiddenSize: number;
  readonly order: "post" | "pre";
  /** ε of the norms. */
  readonly epsilon: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly activationDropout: number;
}

/** States [N, F, width] → the same shape. Weights start at N(0, 0.02²), biases at 0, as the authors'. */
export function wav2vec2Layer(sizes: Wav2vec2LayerSizes, random: Random): Module<Tensor3D, Tensor3D> {
  const { width, heads, hiddenSize, order, epsilon } = sizes;
  const [drop, dropHidden] = [dropout(sizes.dropout), dropout(sizes.activationDropout)];
  const layer = (from: number, to: number, name: string) =>
    linear(from, to, { random: random.split(name), initialize: normalValues(0.02), initializeBias: zeroValues });
  const names = ["q_proj", "k_proj", "v_proj"] as const;
  const projections = names.map((name) => layer(width, width, name));
  const output = layer(width, width, "out_proj");
  const [up, down] = [layer(width, hiddenSize, "up"), layer(hiddenSize, width, "down")];
  const [norm, finalNorm] = [layerNorm(width, { epsilon }), layerNorm(width, { epsilon })];

  function attention(states: Tensor3D): Tensor {
    const [n, frames] = states.shape;
    const apart = (part: Tensor) => transpose(reshape(part, [n, frames, heads, width / heads]), [0, 2, 1, 3]);
    const [q, k, v] = jointLinear(states, projections).map(apart) as [Tensor4D, Tensor4D, Tensor4D]; // [N, heads, F, d]
    const found = scaledDotProductAttention(q, k, v, { dropout: sizes.attentionDropout }); // [N, heads, F, d]
    return drop(output(reshape(transpose(found, [0, 2, 1, 3]), [n, frames, width])));
  }
  const perceptron = (states: Tensor) => drop(down(dropHidden(gelu(up(states)))));

  function postNorm(states: Tensor3D): Tensor3D {
    const attended = norm(add(states, attention(states)));
    return finalNorm(add(attended, perceptron(attended))) as Tensor3D;
  }

  function preNorm(states: Tensor3D): Tensor3D {
    const attended = add(states, attention(norm(states) as Tensor3D));
    return add(attended, perceptron(finalNorm(attended))) as Tensor3D;
  }

  return defineModule(order === "post" ? postNorm : preNorm, {
    children: [
      ...names.map((name, i) => [`attention.${name}`, projections[i]!] as const),
      ["attention.out_proj", output],
      ["layer_norm", norm],
      ["feed_forward.intermediate_dense", up],
      ["feed_forward.output_dense", down],
      ["final_layer_norm", finalNorm],
    ],
  });
}
