/**
 * A vision transformer's layer: attention, then a perceptron, each normalised before and added after. Named as in Hugging Face's files; it reads
 * patches of spectrograms too (AST).
 *
 * Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929, eq. 2 and 3.
 */
import { add, reshape, type Tensor, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { gelu } from "../functions/gelu.js";
import { scaledDotProductAttention } from "../functions/scaled-dot-product-attention.js";
import type { Random } from "../random.js";
import { dropout } from "./dropout.js";
import { uniformValues, xavierUniform, zeroValues } from "./initializers.js";
import { jointLinear } from "./joint-linear.js";
import { layerNorm } from "./layer-norm.js";
import { linear } from "./linear.js";
import { defineModule, type Module } from "./module.js";

export interface VitLayerSizes {
  readonly width: number;
  readonly heads: number;
  /** Of the perceptron, between its layers. */
  readonly hiddenSize: number;
  /** ε of the norms. */
  readonly epsilon: number;
  /** Share dropped in training of what attention and the perceptron give. */
  readonly dropout: number;
  readonly attentionDropout: number;
}

/** States [N, T, width] → the same shape. Weights start as in MAE's code: xavier uniform, queries, keys and values as one layer. */
export function vitLayer(sizes: VitLayerSizes, random: Random): Module<Tensor3D, Tensor3D> {
  const { width, heads, hiddenSize, epsilon } = sizes;
  const [drop, norm] = [dropout(sizes.dropout), () => layerNorm(width, { epsilon })];
  const layer = (from: number, to: number, name: string, initialize = xavierUniform) =>
    linear(from, to, { random: random.split(name), initialize, initializeBias: zeroValues });
  const jointly = uniformValues(Math.sqrt(6 / (width + 3 * width)));
  const names = ["query", "key", "value"] as const;
  const projections = names.map((name) => layer(width, width, name, jointly));
  const output = layer(width, width, "output");
  const [up, down] = [layer(width, hiddenSize, "up"), layer(hiddenSize, width, "down")];
  const [before, after] = [norm(), norm()];

  function attention(states: Tensor3D): Tensor {
    const [n, length] = states.shape;
    const apart = (part: Tensor) => transpose(reshape(part, [n, length, heads, width / heads]), [0, 2, 1, 3]);
    const [q, k, v] = jointLinear(states, projections).map(apart) as [Tensor4D, Tensor4D, Tensor4D]; // [N, heads, T, d]
    const found = scaledDotProductAttention(q, k, v, { dropout: sizes.attentionDropout }); // [N, heads, T, d]
    return drop(output(reshape(transpose(found, [0, 2, 1, 3]), [n, length, width])));
  }

  function forward(states: Tensor3D): Tensor3D {
    const attended = add(states, attention(before(states) as Tensor3D));
    return add(attended, drop(down(gelu(up(after(attended)))))); // [N, T, width]
  }

  return defineModule(forward, {
    children: [
      ...names.map((name, i) => [`attention.attention.${name}`, projections[i]!] as const),
      ["attention.output.dense", output],
      ["intermediate.dense", up],
      ["output.dense", down],
      ["layernorm_before", before],
      ["layernorm_after", after],
    ],
  });
}
