/**
 * BERT or ALBERT with a head that names the class of each token, as Hugging Face's …ForTokenClassification.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 5.3.
 */
import { dropout, type Module, type Named, namedVariables, type Random } from "@autodidact/core";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { withDropout } from "../models/assemble.js";
import { dense } from "../models/dense.js";
import type { PaddedBatch } from "../models/padded-batch.js";
import type { TextModel } from "../models/text-encoder.js";
import { openTextModel } from "../models/text-model-files.js";
import { isCausalModel, textModelFromConfig } from "../models/text-model-from-config.js";
import type { TokenModel } from "../models/token-model.js";
import { disposeUnused } from "./contenders.js";
import { labelFields, labelNames } from "./label-names.js";
import { classifierRate } from "./sequence-classifier.js";

export interface TokenClassifier extends TextModel {
  readonly classes: readonly string[];
  /** The parts by Hugging Face's prefix. */
  readonly parts: Named<Module<never, unknown>>;
  /** A score for each class of each token, [N, T, classes]. */
  score(batch: PaddedBatch): Tensor3D;
}

export interface TokenClassifierOptions {
  /** Their names, by label. */
  classes: readonly string[];
  random: Random;
  /** The rate of everything that Hugging Face drops, in training; BERT's 0.1 unless told. */
  dropout?: number;
}

/** The head is new. */
export function tokenClassifier(
  model: TokenModel,
  { classes, random, dropout: rate = 0.1 }: TokenClassifierOptions,
): TokenClassifier {
  return headed(withDropout(model, rate), classes, random);
}

export function assertSeesBothSides(model: TokenModel): void {
  if (!isCausalModel(model)) return;
  throw new Error(
    "tokenClassifier: the model must see the text after a token too, and GPT-2 does not. Take BERT or ALBERT: a run of masked-lm, bert or sentence-order.",
  );
}

function headed(model: TokenModel, classes: readonly string[], random: Random): TokenClassifier {
  assertSeesBothSides(model);
  if (classes.length < 2)
    throw new RangeError(`tokenClassifier: there must be two classes at least, got ${classes.length}.`);
  const { encoder, config } = model;
  const [prefix, architecture] = config.model_type === "bert" ? ["bert", "Bert"] : ["albert", "Albert"];
  const range = config.initializer_range as number;
  const head = dense(encoder.featureSize, classes.length, { random: random.split("classifier"), range });
  const drop = dropout(classifierRate(model));
  const parts = { [prefix as string]: encoder, classifier: head };
  return {
    encoder,
    classes,
    parts,
    score: (batch) => head(drop(encoder.hiddenStates(batch))) as Tensor3D,
    config: { ...config, architectures: [`${architecture}ForTokenClassification`], ...labelFields(classes) },
    parameters: namedVariables(parts, "parameters"),
    buffers: namedVariables(parts, "buffers"),
  };
}

/** What `saveTextModel` wrote of one, or Hugging Face of a …ForTokenClassification. Dropout is its config's unless told. */
export async function loadTokenClassifier(
  folder: string,
  random: Random,
  { dropout: rate }: Pick<TokenClassifierOptions, "dropout"> = {},
): Promise<TokenClassifier> {
  const { config, fill } = await openTextModel(folder);
  const stored = textModelFromConfig(config, random, { heads: "tokens" });
  const model = headed(rate === undefined ? stored : withDropout(stored, rate), labelNames(config), random);
  const { fresh } = await fill(model);
  disposeUnused(stored, model);
  if (fresh.length === 0) return model;
  throw new Error(
    `loadTokenClassifier: ${folder} must hold a model that labels tokens, and ${fresh.join(", ")} are missing. Fine-tune it first.`,
  );
}
