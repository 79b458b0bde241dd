/**
 * How well a causal model predicts held-out text.
 */
import type { Dataset } from "@autodidact/core";
import { reshape } from "@tensorflow/tfjs-core";
import type { TokenWindow } from "../examples/examples.js";
import type { CausalModel } from "../models/token-model.js";
import { type WindowBatch, windowBatch } from "../next-token.js";
import { type MeasureOptions, once, type RepeatedMeasure, sumsOverBatches } from "./over-batches.js";
import { type Tally, type TokenMeasure, tally, tokenMeasure } from "./token-tally.js";

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
  return once(nextTokenMeasure(model, windows), options);
}

/** The same, to be asked often of a model that learns meanwhile. */
export function nextTokenMeasure(
  model: CausalModel,
  windows: Dataset<TokenWindow>,
  { onBatch }: { onBatch?: ((batch: WindowBatch) => void) | undefined } = {},
): RepeatedMeasure<NextTokenMeasure, NextTokenMeasureOptions> {
  const { encoder } = model;
  const sum = sumsOverBatches<TokenWindow, WindowBatch, keyof Tally>(windows, {
    who: "measureNextToken",
    onBatch,
    measure: ({ ids, labels }) =>
      tally(model.scoreTokens(reshape(encoder.hiddenStates({ ids }), [-1, encoder.featureSize])), labels),
  });
  return {
    async measure({ bytesPerToken, ...options }) {
      const measured = tokenMeasure(await sum((samples) => windowBatch(samples, encoder.maxLength), options));
      if (bytesPerToken === undefined) return measured;
      return { ...measured, bitsPerByte: measured.loss / Math.LN2 / bytesPerToken };
    },
    dispose: sum.dispose,
  };
}
