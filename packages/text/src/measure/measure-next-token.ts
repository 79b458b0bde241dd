/**
 * How well a causal model predicts held-out text.
 */
import type { Dataset } from "@autodidact/core";
import { reshape } from "@tensorflow/tfjs-core";
import type { TokenWindow } from "../examples/examples.js";
import type { CausalModel } from "../models/token-model.js";
import { windowBatch } from "../next-token.js";
import { type MeasureOptions, sumsOverBatches } from "./over-batches.js";
import { type TokenMeasure, tally, tokenMeasure } from "./token-tally.js";

export interface NextTokenMeasureOptions extends MeasureOptions {
  /** UTF-8 bytes of text for each token, `corpus.bytes / corpus.tokens`: gives bits a byte, which do not depend on the tokenizer. */
  bytesPerToken?: number;
}

export interface NextTokenMeasure extends TokenMeasure {
  readonly bitsPerByte?: number;
}

export async function measureNextToken(
  model: CausalModel,
  windows: Dataset<TokenWindow>,
  options: NextTokenMeasureOptions = {},
): Promise<NextTokenMeasure> {
  const { bytesPerToken, ...rest } = options;
  const { encoder } = model;
  const sums = await sumsOverBatches(
    windows,
    {
      who: "measureNextToken",
      draw: (samples: readonly TokenWindow[]) => windowBatch(samples, encoder.maxLength),
      measure: ({ ids, labels }) =>
        tally(model.scoreTokens(reshape(encoder.hiddenStates({ ids }), [-1, encoder.featureSize])), labels),
    },
    rest,
  );
  const measured = tokenMeasure(sums);
  return bytesPerToken === undefined
    ? measured
    : { ...measured, bitsPerByte: measured.loss / Math.LN2 / bytesPerToken };
}
