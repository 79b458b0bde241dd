/**
 * BERT or ALBERT with a head that marks where an answer begins and ends, as Hugging Face's …ForQuestionAnswering.
 */
import { type Module, type Named, namedVariables, type Random } from "@autodidact/core";
import { split, squeeze, type Tensor2D } from "@tensorflow/tfjs-core";
import { withDropout } from "../models/assemble.js";
import { dense } from "../models/dense.js";
import type { PaddedBatch } from "../models/padded-batch.js";
import type { TextModel } from "../models/text-encoder.js";
import { openTextModel } from "../models/text-model-files.js";
import { isCausalModel, textModelFromConfig } from "../models/text-model-from-config.js";
import type { TokenModel } from "../models/token-model.js";
import { disposeUnused } from "./contenders.js";

export interface QuestionModel extends TextModel {
  /** The parts by Hugging Face's prefix. */
  readonly parts: Named<Module<never, unknown>>;
  /** Scores of each token to be the answer's first and last, [N, T] each. */
  mark(batch: PaddedBatch): { starts: Tensor2D; ends: Tensor2D };
}

export interface QuestionModelOptions {
  /** The rate of everything that Hugging Face drops, in training; BERT's 0.1 unless told. */
  dropout?: number;
}

/** The head is new. */
export function questionModel(model: TokenModel, random: Random, options: QuestionModelOptions = {}): QuestionModel {
  const { dropout = 0.1 } = options;
  return headed(withDropout(model, dropout), random);
}

function headed(model: TokenModel, random: Random): QuestionModel {
  if (isCausalModel(model)) {
    throw new Error(
      "questionModel: the model must see the text after a token too, and GPT-2 does not. Take BERT or ALBERT.",
    );
  }
  const { encoder, config } = model;
  const head = dense(encoder.featureSize, 2, {
    random: random.split("qa_outputs"),
    range: config.initializer_range as number,
  });
  const [prefix, architecture] = config.model_type === "bert" ? ["bert", "Bert"] : ["albert", "Albert"];
  const parts = { [prefix as string]: encoder, qa_outputs: head };
  return {
    encoder,
    parts,
    mark: (batch) => {
      const [starts, ends] = split(head(encoder.hiddenStates(batch)), 2, 2); // [N, T, 1] each
      return { starts: squeeze(starts!, [2]), ends: squeeze(ends!, [2]) };
    },
    config: { ...config, architectures: [`${architecture}ForQuestionAnswering`] },
    parameters: namedVariables(parts, "parameters"),
    buffers: namedVariables(parts, "buffers"),
  };
}

/** What `saveTextModel` wrote of one, or Hugging Face of a …ForQuestionAnswering. Dropout is its config's unless told. */
export async function loadQuestionModel(
  folder: string,
  random: Random,
  { dropout }: QuestionModelOptions = {},
): Promise<QuestionModel> {
  const { config, fill } = await openTextModel(folder);
  const stored = textModelFromConfig(config, random, { heads: "tokens" });
  const model = headed(dropout === undefined ? stored : withDropout(stored, dropout), random);
  const { fresh } = await fill(model);
  disposeUnused(stored, model);
  if (fresh.length === 0) return model;
  throw new Error(
    `loadQuestionModel: ${folder} must hold a model for questions, and ${fresh.join(", ")} are missing. Fine-tune it first.`,
  );
}
