/**
 * What BERT and ALBERT have in common: embeddings, layers that see the whole sequence, what is not padding.
 */
import { defineModule, type ModuleParts } from "@autodidact/core";
import { notEqual, reshape, scalar, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { assertFits } from "./assert-fits.js";
import { atRate, type DropoutRates } from "./dropout-rates.js";
import { meanOverTokens } from "./mean-over-tokens.js";
import type { TextEncoder, TokenBatch } from "./text-encoder.js";

export interface BidirectionalParts {
  config: Readonly<Record<string, unknown>> & {
    readonly hidden_size: number;
    readonly max_position_embeddings: number;
    readonly pad_token_id?: number | null | undefined;
    readonly hidden_dropout_prob: number;
    readonly attention_probs_dropout_prob: number;
  };
  embed(batch: TokenBatch, rates: DropoutRates): Tensor3D;
  /** Embedded tokens and, where something is padded, what may be seen, bool [N, 1, 1, T] → [N, T, D]. */
  transform(embedded: Tensor3D, rates: DropoutRates, seen?: Tensor): Tensor3D;
  /** Whether what the perceptron gives is dropped; Hugging Face's ALBERT has the rate and does not. */
  dropsPerceptron: boolean;
  children: ModuleParts["children"];
}

export function bidirectionalEncoder(parts: BidirectionalParts): TextEncoder {
  const { config, embed, transform, dropsPerceptron, children } = parts;
  const { hidden_dropout_prob: hidden, attention_probs_dropout_prob: weights } = config;
  const rates = { embedded: hidden, weights, attention: hidden, perceptron: dropsPerceptron ? hidden : 0 };
  const { hidden_size: featureSize, max_position_embeddings: maxLength, pad_token_id: pad } = config;

  function hiddenStates(batch: TokenBatch): Tensor3D {
    const { ids, seen } = batch;
    assertFits(ids, maxLength);
    const [n, length] = ids.shape;
    return transform(embed(batch, rates), rates, seen && reshape(seen, [n, 1, 1, length]));
  }

  function forward(ids: Tensor): Tensor {
    const seen = pad == null ? undefined : (notEqual(ids, scalar(pad, "int32")) as Tensor2D);
    return meanOverTokens(hiddenStates({ ids: ids as Tensor2D, seen }), seen);
  }

  const withDropout = (rate: number) => bidirectionalEncoder({ ...parts, config: atRate(config, rate) });
  return Object.assign(defineModule(forward, { children }), {
    featureSize,
    config,
    maxLength,
    hiddenStates,
    withDropout,
  });
}
