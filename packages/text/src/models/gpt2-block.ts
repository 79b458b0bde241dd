/**
 * GPT-2's layer: attention, then a perceptron, each normalised before and added after.
 *
 * Radford et al. 2019, "Language models are unsupervised multitask learners", section 2.3.
 */
import { defineModule, dropout, layerNorm, type Module, type Random } from "@autodidact/core";
import { add, reshape, split, type Tensor, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { activations } from "./activation.js";
import { conv1d } from "./conv1d.js";
import { type DropoutRates, noDropout } from "./dropout-rates.js";
import type { Gpt2Config } from "./gpt2-config.js";

/** Queries, keys and values of tokens [N, heads, T, d] → what the tokens find [N, heads, T, d]. */
export type Attend = (q: Tensor4D, k: Tensor4D, v: Tensor4D) => Tensor4D;

/**
 * States [N, T, D] → [N, T, D]. How tokens look at each other is the caller's: all at once, or one beside what is remembered. Nothing is
 * dropped unless told.
 */
export interface Gpt2Block extends Module<Tensor3D, Tensor3D> {
  (states: Tensor3D, attend: Attend, rates?: DropoutRates): Tensor3D;
}

/** `residualRange`: the standard deviation of new weights that write into the residual stream. */
export function gpt2Block(config: Gpt2Config, residualRange: number, random: Random): Gpt2Block {
  const { n_embd: size, n_head: heads, initializer_range: range } = config;
  const inside = config.n_inner ?? 4 * size;
  const activation = activations[config.activation_function];
  const norm = () => layerNorm(size, { epsilon: config.layer_norm_epsilon });
  const [norm1, norm2] = [norm(), norm()];
  const projection = (from: number, to: number, name: string, range: number) =>
    conv1d(from, to, { random: random.split(name), range });
  const qkv = projection(size, 3 * size, "attn.c_attn", range);
  const output = projection(size, size, "attn.c_proj", residualRange);
  const up = projection(size, inside, "mlp.c_fc", range);
  const down = projection(inside, size, "mlp.c_proj", residualRange);

  function attention(states: Tensor3D, attend: Attend): Tensor {
    const [batch, length] = states.shape;
    const apart = (part: Tensor) => transpose(reshape(part, [batch, length, heads, size / heads]), [0, 2, 1, 3]);
    const [q, k, v] = split(qkv(states), 3, 2).map(apart) as [Tensor4D, Tensor4D, Tensor4D]; // [N, heads, T, d]
    return output(reshape(transpose(attend(q, k, v), [0, 2, 1, 3]), [batch, length, size]));
  }

  function forward(states: Tensor3D, attend: Attend, rates = noDropout): Tensor3D {
    const found = dropout(rates.attention)(attention(norm1(states) as Tensor3D, attend));
    const attended = add(states, found) as Tensor3D;
    return add(attended, dropout(rates.perceptron)(down(activation(up(norm2(attended)))))); // [N, T, D]
  }

  const module = defineModule(forward as (states: Tensor3D) => Tensor3D, {
    children: [
      ["ln_1", norm1],
      ["attn.c_attn", qkv],
      ["attn.c_proj", output],
      ["ln_2", norm2],
      ["mlp.c_fc", up],
      ["mlp.c_proj", down],
    ],
  });
  return module as Gpt2Block;
}
