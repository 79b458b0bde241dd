/**
 * A text model with a head for classes, as Hugging Face's …ForSequenceClassification: BERT and ALBERT by their pooler, GPT-2 by the last
 * token.
 */
import { dropout, type Module, type Named, namedVariables, type Random } from "@autodidact/core";
import { gather, reshape, type Tensor1D, type Tensor2D, type Tensor3D, tensor1d } from "@tensorflow/tfjs-core";
import { withDropout, withPooler } from "../models/assemble.js";
import { assertVocabulary } from "../models/assert-vocabulary.js";
import { dense } from "../models/dense.js";
import { type PaddedBatch, paddedBatch } from "../models/padded-batch.js";
import type { TextModel } from "../models/text-encoder.js";
import { openTextModel } from "../models/text-model-files.js";
import { isCausalModel, textModelFromConfig } from "../models/text-model-from-config.js";
import type { TokenModel } from "../models/token-model.js";
import { tokenSequence } from "../models/token-sequence.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { disposeUnused } from "./contenders.js";
import { labelFields, labelNames } from "./label-names.js";

export type TextsBatch = PaddedBatch & {
  /** The last token of each text, in the batch's N · T laid end to end, int32 [N]. */
  readonly last: Tensor1D;
};

export interface SequenceClassifier extends TextModel {
  readonly classes: readonly string[];
  /** The parts by Hugging Face's prefix. */
  readonly parts: Named<Module<never, unknown>>;
  /** Ids without special tokens; what the model cannot read is cut off behind. */
  batch(texts: readonly Int32Array[]): TextsBatch;
  /** A score for each class, [N, classes]. */
  classify(batch: TextsBatch): Tensor2D;
}

export interface SequenceClassifierOptions {
  /** Their names, by label. */
  classes: readonly string[];
  random: Random;
  /** The rate of everything that Hugging Face drops, in training; BERT's 0.1 unless told. */
  dropout?: number;
}

/** The head is new; so is the pooler where the model has none. */
export function sequenceClassifier(
  model: TokenModel,
  tokenizer: Tokenizer,
  { classes, random, dropout: rate = 0.1 }: SequenceClassifierOptions,
): SequenceClassifier {
  return headed(withDropout(model, rate), tokenizer, classes, random);
}

function headed(model: TokenModel, tokenizer: Tokenizer, classes: readonly string[], random: Random) {
  assertVocabulary(model, tokenizer);
  if (classes.length < 2)
    throw new RangeError(`sequenceClassifier: there must be two classes at least, got ${classes.length}.`);
  return isCausalModel(model)
    ? byLastToken(model, tokenizer, classes, random)
    : byPooler(model, tokenizer, classes, random);
}

function byPooler(model: TokenModel, tokenizer: Tokenizer, classes: readonly string[], random: Random) {
  const { encoder } = model;
  const { pool, poolerParts } = withPooler(model, random);
  const classifier = dense(encoder.featureSize, classes.length, headOptions(model, random.split("classifier")));
  const drop = dropout(classifierRate(model));
  return assembled(model, classes, {
    parts: { ...encoderPart(model), ...poolerParts, classifier },
    batch: (texts) => {
      const sequences = texts.map(
        (ids) => tokenSequence(tokenizer.special, ids.subarray(0, encoder.maxLength - 2)), // [CLS] … [SEP]
      );
      return lengthwise(sequences, encoder.maxLength, tokenizer.special.pad);
    },
    classify: (batch) => classifier(drop(pool(encoder.hiddenStates(batch)))) as Tensor2D,
  });
}

function byLastToken(model: TokenModel, tokenizer: Tokenizer, classes: readonly string[], random: Random) {
  const { encoder } = model;
  const { pad, endOfText } = tokenizer.special;
  const score = dense(encoder.featureSize, classes.length, {
    ...headOptions(model, random.split("score")),
    bias: false,
  });
  const read = (ids: Int32Array) =>
    ids.length === 0 ? Int32Array.of(endOfText ?? 0) : ids.subarray(0, encoder.maxLength);
  const filling = (model.config.pad_token_id as number | undefined) ?? pad ?? endOfText;
  return assembled(model, classes, {
    more: { pad_token_id: filling ?? null }, // transformers finds the last token by it
    parts: { ...encoderPart(model), score },
    batch: (texts) =>
      lengthwise(
        texts.map((ids) => ({ ids: read(ids), firstLength: ids.length })),
        encoder.maxLength,
        filling,
      ),
    classify: ({ ids, last }) => {
      const states = encoder.hiddenStates({ ids }); // [N, T, D]; padding is behind, where no token looks
      return score(rowsAt(states, last)) as Tensor2D;
    },
  });
}

interface Assembled extends Pick<SequenceClassifier, "parts" | "batch" | "classify"> {
  more?: Record<string, unknown>;
}

function assembled(
  { encoder, config }: TokenModel,
  classes: readonly string[],
  { more, parts, batch, classify }: Assembled,
): SequenceClassifier {
  const architecture = { bert: "Bert", albert: "Albert", gpt2: "GPT2" }[config.model_type as string];
  return {
    encoder,
    classes,
    parts,
    batch,
    classify,
    config: {
      ...config,
      ...more,
      architectures: [`${architecture}ForSequenceClassification`],
      ...labelFields(classes),
    },
    parameters: namedVariables(parts, "parameters"),
    buffers: namedVariables(parts, "buffers"),
  };
}

function headOptions({ config }: TokenModel, random: Random) {
  return { random, range: config.initializer_range as number };
}

/** The dropout rate of what a head for classes reads. */
export function classifierRate({ config }: TokenModel): number {
  const { classifier_dropout_prob, classifier_dropout, hidden_dropout_prob } = config;
  return (classifier_dropout_prob ?? classifier_dropout ?? hidden_dropout_prob) as number; // ALBERT's, BERT's, BERT's where that is null
}

/** The encoder under its prefix. */
function encoderPart({ tokenParts, encoder }: TokenModel): Named<Module<never, unknown>> {
  return Object.fromEntries(Object.entries(tokenParts).filter(([, part]) => part === encoder));
}

function lengthwise(
  sequences: readonly ReturnType<typeof tokenSequence>[],
  maxLength: number,
  pad: number | undefined,
): TextsBatch {
  const batch = paddedBatch(sequences, { maxLength, pad, hasPairs: false });
  const length = batch.ids.shape[1];
  const last = Int32Array.from(sequences, ({ ids }, row) => row * length + ids.length - 1);
  return { ...batch, last: tensor1d(last, "int32") };
}

/** Rows of states [N, T, D] laid end to end. */
function rowsAt(states: Tensor3D, places: Tensor1D): Tensor2D {
  return gather(reshape(states, [-1, states.shape[2]]), places) as Tensor2D;
}

/** What `saveTextModel` wrote of a classifier, or Hugging Face of a …ForSequenceClassification. Dropout is its config's unless told. */
export async function loadSequenceClassifier(
  folder: string,
  tokenizer: Tokenizer,
  random: Random,
  { dropout: rate }: Pick<SequenceClassifierOptions, "dropout"> = {},
): Promise<SequenceClassifier> {
  const { config, fill } = await openTextModel(folder);
  const classes = labelNames(config);
  const stored = textModelFromConfig(config, random, { heads: "tokens" });
  const model = rate === undefined ? stored : withDropout(stored, rate);
  const classifier = headed(model, tokenizer, classes, random);
  const { fresh } = await fill(classifier);
  disposeUnused(model, classifier);
  if (fresh.length > 0) {
    throw new Error(
      `loadSequenceClassifier: ${folder} must hold a whole classifier, and ${fresh.join(", ")} are missing. Fine-tune it first.`,
    );
  }
  return classifier;
}
