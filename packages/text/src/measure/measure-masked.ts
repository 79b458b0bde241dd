/**
 * How well a masked model predicts held-out text, and how two segments belong together.
 */
import type { Dataset, Random } from "@autodidact/core";
import { gather, reshape, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { bert } from "../bert.js";
import type { SentencePair, TextBlock } from "../examples/examples.js";
import { maskedLm } from "../masked-lm.js";
import type { MaskingOptions } from "../masking/mask-tokens.js";
import type { MaskedBatch } from "../masking/masked-batch.js";
import type { PairBatch } from "../masking/pair-batch.js";
import type { PairModel, TokenModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type MeasureOptions, sumsOverBatches } from "./over-batches.js";
import { type TokenMeasure, tally, tokenMeasure } from "./token-tally.js";

export interface MaskedMeasureOptions extends MeasureOptions, MaskingOptions {
  /** Draws the masks. The same stream masks the same tokens: give each model to compare its own of one seed. */
  random: Random;
}

export async function measureMaskedLm(
  model: TokenModel,
  tokenizer: Tokenizer,
  blocks: Dataset<TextBlock>,
  { random, ...options }: MaskedMeasureOptions,
): Promise<TokenMeasure> {
  const method = maskedLm(model, tokenizer, options);
  const sums = await sumsOverBatches(
    blocks,
    {
      who: "measureMaskedLm",
      draw: (samples: readonly TextBlock[]) => method.draw(samples, random),
      measure: (batch: MaskedBatch) => tallyMasked(model, model.encoder.hiddenStates(batch), batch),
    },
    options,
  );
  return tokenMeasure(sums);
}

export interface PairMeasure extends TokenMeasure {
  /** Of next sentence or sentence order, as the pairs have it. */
  readonly relation: {
    readonly loss: number;
    readonly accuracy: number;
    readonly pairs: number;
    /** Of the label 1; always guessing one label is right as often as the larger of this and the rest. */
    readonly share: number;
  };
}

export async function measurePairs(
  model: PairModel,
  tokenizer: Tokenizer,
  pairs: Dataset<SentencePair>,
  { random, ...options }: MaskedMeasureOptions,
): Promise<PairMeasure> {
  const method = bert(model, tokenizer, options); // pairs of sentence order are drawn in the same way
  let ones = 0;
  const sums = await sumsOverBatches(
    pairs,
    {
      who: "measurePairs",
      draw: (samples: readonly SentencePair[]) => {
        ones += samples.filter(({ label }) => label === 1).length;
        return method.draw(samples, random);
      },
      measure: (batch: PairBatch) => {
        const states = model.encoder.hiddenStates(batch);
        const relation = tally(model.scoreRelation(model.pool(states)), batch.relation);
        return {
          ...tallyMasked(model, states, batch),
          relationNats: relation.nats,
          relationRight: relation.right,
          pairs: relation.count,
        };
      },
    },
    options,
  );
  const { relationNats, relationRight, pairs: count } = sums;
  const relation = { loss: relationNats / count, accuracy: relationRight / count, pairs: count, share: ones / count };
  return { ...tokenMeasure(sums), relation };
}

function tallyMasked(model: TokenModel, states: Tensor3D, { positions, labels }: MaskedBatch) {
  const rows = gather(reshape(states, [-1, states.shape[2]]), positions) as Tensor2D; // [N P, D]
  return tally(model.scoreTokens(rows), labels);
}
