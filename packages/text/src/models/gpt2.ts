/**
 * GPT-2 and its head, in Hugging Face's names, order and shapes.
 *
 * Radford et al. 2019, "Language models are unsupervised multitask learners"; the head is the table of token embeddings. New weights
 * that write into the residual stream start smaller by √(2 layers), as in the paper's section 2.3 and nanoGPT.
 */
import {
  defineModule,
  dropout,
  embedding,
  layerNorm,
  namedVariables,
  normalValues,
  type Random,
  scaledDotProductAttention,
} from "@autodidact/core";
import {
  add,
  gather,
  matMul,
  notEqual,
  reshape,
  scalar,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { assertFits } from "./assert-fits.js";
import { atRate, type DropoutRates, noDropout } from "./dropout-rates.js";
import { type Attend, gpt2Block } from "./gpt2-block.js";
import { type Gpt2Config, readGpt2Config } from "./gpt2-config.js";
import { meanOverTokens } from "./mean-over-tokens.js";
import type { TextEncoder, TokenBatch } from "./text-encoder.js";
import type { CausalModel } from "./token-model.js";

export function gpt2LMHeadModel(config: Gpt2Config, random: Random): CausalModel {
  const known = readGpt2Config({ ...config, architectures: ["GPT2LMHeadModel"] });
  const { encoder, transform } = gpt2Encoder(known, random.split("transformer"));
  const table = encoder.parameters["wte.weight"]! as Tensor as Tensor2D; // [V, D]
  const tokenParts = { transformer: encoder };

  return {
    encoder,
    config: known,
    layers: known.n_layer,
    heads: known.n_head,
    transform,
    scoreTokens: (states) => matMul(states, table, false, true),
    tokenParts,
    parameters: namedVariables(tokenParts, "parameters"),
    buffers: namedVariables(tokenParts, "buffers"),
  };
}

/** GPT2Model. */
export function gpt2Encoder(
  config: Gpt2Config,
  random: Random,
): { encoder: TextEncoder; transform: CausalModel["transform"] } {
  const { n_embd: size, n_positions: maxLength, n_layer: depth, initializer_range: range, pad_token_id: pad } = config;
  const rows = (count: number, name: string) =>
    embedding(count, size, { random: random.split(name), initialize: normalValues(range) });
  const [tokens, places] = [rows(config.vocab_size, "wte"), rows(maxLength, "wpe")];
  const blocks = Array.from({ length: depth }, (_, i) =>
    gpt2Block(config, range / Math.sqrt(2 * depth), random.split(`h.${i}`)),
  );
  const norm = layerNorm(size, { epsilon: config.layer_norm_epsilon });
  const placeTable = places.parameters.weight as Tensor as Tensor2D;

  function transform(ids: Tensor2D, attend: (layer: number) => Attend, at?: Tensor1D, rates = noDropout): Tensor3D {
    assertFits(ids, maxLength);
    const [, length] = ids.shape;
    const where = at ? gather(placeTable, at) : slice(placeTable, [0, 0], [length, size]); // [T, D]
    const embedded = dropout(rates.embedded)(add(tokens(ids), where) as Tensor3D); // [N, T, D]
    return norm(blocks.reduce((states, block, layer) => block(states, attend(layer), rates), embedded)) as Tensor3D;
  }

  const children = [
    ["wte", tokens],
    ["wpe", places],
    ...blocks.map((block, i) => [`h.${i}`, block] as const),
    ["ln_f", norm],
  ] as const;

  function encoderOf(config: Gpt2Config): TextEncoder {
    const rates = ratesOf(config);

    function hiddenStates({ ids, seen }: TokenBatch): Tensor3D {
      const [n, length] = ids.shape;
      const options = { causal: true, mask: seen && reshape(seen, [n, 1, 1, length]), dropout: rates.weights };
      const attend: Attend = (q, k, v) => scaledDotProductAttention(q, k, v, options);
      return transform(ids, () => attend, undefined, rates);
    }

    function forward(ids: Tensor): Tensor {
      const seen = pad == null ? undefined : (notEqual(ids, scalar(pad, "int32")) as Tensor2D);
      return meanOverTokens(hiddenStates({ ids: ids as Tensor2D, seen }), seen);
    }

    const withDropout = (rate: number) => encoderOf(atRate(config, rate));
    const module = defineModule(forward, { children });
    return Object.assign(module, { featureSize: size, config, maxLength, hiddenStates, withDropout });
  }

  return { encoder: encoderOf(config), transform };
}

function ratesOf({ embd_pdrop, attn_pdrop, resid_pdrop }: Gpt2Config): DropoutRates {
  return { embedded: embd_pdrop, weights: attn_pdrop, attention: resid_pdrop, perceptron: resid_pdrop };
}
