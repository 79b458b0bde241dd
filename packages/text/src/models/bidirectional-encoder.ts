/**
 * What BERT and ALBERT have in common: embeddings, layers that see the whole sequence, what is not padding.
 */
import { defineModule, type ModuleParts } from "@autodidact/core";
import { notEqual, reshape, scalar, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { assertFits } from "./assert-fits.js";
import { meanOverTokens } from "./mean-over-tokens.js";
import type { TextEncoder, TokenBatch } from "./text-encoder.js";

export interface BidirectionalParts {
  config: Readonly<Record<string, unknown>> & {
    readonly hidden_size: number;
    readonly max_position_embeddings: number;
    readonly pad_token_id?: number | null | undefined;
  };
  embed(batch: TokenBatch): Tensor3D;
  /** Embedded tokens and, where something is padded, what may be seen, bool [N, 1, 1, T] → [N, T, D]. */
  transform(embedded: Tensor3D, seen?: Tensor): Tensor3D;
  children: ModuleParts["children"];
}

export function bidirectionalEncoder({ config, embed, transform, children }: BidirectionalParts): TextEncoder {
  const { hidden_size: featureSize, max_position_embeddings: maxLength, pad_token_id: pad } = config;

  function hiddenStates(batch: TokenBatch): Tensor3D {
    const { ids, seen } = batch;
    assertFits(ids, maxLength);
    const [n, length] = ids.shape;
    return transform(embed(batch), seen && reshape(seen, [n, 1, 1, length]));
  }

  function forward(ids: Tensor): Tensor {
    const seen = pad == null ? undefined : (notEqual(ids, scalar(pad, "int32")) as Tensor2D);
    return meanOverTokens(hiddenStates({ ids: ids as Tensor2D, seen }), seen);
  }

  return Object.assign(defineModule(forward, { children }), { featureSize, config, maxLength, hiddenStates });
}
