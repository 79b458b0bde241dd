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
import { type MeasureOptions, once, type RepeatedMeasure, sumsOverBatches } from "./over-batches.js";
import { type Tally, type TokenMeasure, tally, tokenMeasure } from "./token-tally.js";

export interface MaskedMeasureOptions extends MeasureOptions, MaskingOptions {
  /** Draws the masks. The same stream masks the same tokens: give each model to compare its own of one seed. */
  random: Random;
}

export type RepeatedMaskedOptions = MeasureOptions & Pick<MaskedMeasureOptions, "random">;

interface RepeatedMasking<Batch> extends MaskingOptions {
  /** Sees each batch before it is measured. */
  onBatch?: ((batch: Batch) => void) | undefined;
}

export async function measureMaskedLm(
  model: TokenModel,
  tokenizer: Tokenizer,
  blocks: Dataset<TextBlock>,
  options: MaskedMeasureOptions,
): Promise<TokenMeasure> {
  return once(maskedLmMeasure(model, tokenizer, blocks, options), options);
}

/** The same, to be asked often of a model that learns meanwhile: with a stream of one seed each time, about the same masks. */
export function maskedLmMeasure(
  model: TokenModel,
  tokenizer: Tokenizer,
  blocks: Dataset<TextBlock>,
  { onBatch, ...masking }: RepeatedMasking<MaskedBatch> = {},
): RepeatedMeasure<TokenMeasure, RepeatedMaskedOptions> {
  const method = maskedLm(model, tokenizer, masking);
  const sum = sumsOverBatches<TextBlock, MaskedBatch, keyof Tally>(blocks, {
    who: "measureMaskedLm",
    onBatch,
    measure: (batch) => tallyMasked(model, model.encoder.hiddenStates(batch), batch),
  });
  return {
    measure: async ({ random, ...options }) =>
      tokenMeasure(await sum((samples) => method.draw(samples, random), options)),
    dispose: sum.dispose,
  };
}

export interface PairMeasure extends TokenMeasure {
  /** The measure of next sentence or sentence order, as the pairs have it. */
  readonly relation: {
    readonly loss: number;
    readonly accuracy: number;
    readonly pairs: number;
    /** The share of the label 1; always guessing one label is right as often as the larger of this and the rest. */
    readonly share: number;
  };
}

export async function measurePairs(
  model: PairModel,
  tokenizer: Tokenizer,
  pairs: Dataset<SentencePair>,
  options: MaskedMeasureOptions,
): Promise<PairMeasure> {
  return once(pairMeasure(model, tokenizer, pairs, options), options);
}

/** The same, to be asked often of a model that learns meanwhile. */
export function pairMeasure(
  model: PairModel,
  tokenizer: Tokenizer,
  pairs: Dataset<SentencePair>,
  { onBatch, ...masking }: RepeatedMasking<PairBatch> = {},
): RepeatedMeasure<PairMeasure, RepeatedMaskedOptions> {
  const method = bert(model, tokenizer, masking); // pairs of sentence order are drawn in the same way
  const sum = sumsOverBatches(pairs, {
    who: "measurePairs",
    onBatch,
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
  });
  return {
    async measure({ random, ...options }) {
      let ones = 0;
      const draw = (samples: readonly SentencePair[]) => {
        ones += samples.filter(({ label }) => label === 1).length;
        return method.draw(samples, random);
      };
      const sums = await sum(draw, options);
      const { relationNats, relationRight, pairs: count } = sums;
      return {
        ...tokenMeasure(sums),
        relation: { loss: relationNats / count, accuracy: relationRight / count, pairs: count, share: ones / count },
      };
    },
    dispose: sum.dispose,
  };
}

function tallyMasked(model: TokenModel, states: Tensor3D, { positions, labels }: MaskedBatch) {
  const rows = gather(reshape(states, [-1, states.shape[2]]), positions) as Tensor2D; // [N P, D]
  return tally(model.scoreTokens(rows), labels);
}
