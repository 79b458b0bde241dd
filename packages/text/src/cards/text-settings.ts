/**
 * Everything that decides how a pretraining run on text goes: what its config.json holds, and what reads it back.
 *
 * The tokenizer lies in the run's folder, so do its tokens unless `cache` says where.
 */
import { resolve } from "node:path";
import {
  byName,
  filled,
  learnedByAdamW,
  ownSettings,
  parseSettings,
  type SettingsOf,
  schemasOf,
  settingsSchema,
  withUsual,
} from "@autodidact/core/cards";
import { z } from "zod";
import { architectures, placesOf } from "../models/architectures.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { documentReading, documentReadingOf } from "./reading-options.js";
import type { TextCard } from "./text-card.js";
import * as methods from "./text-methods.js";
import {
  CONTEXT,
  LEARNING_RATE_AFTER_INIT,
  LEARNING_RATES,
  STEPS,
  type TextOptions,
  textOptions,
} from "./text-options.js";

const whole = z.int().positive();

const beforeOwn = z.strictObject({
  data: z.strictObject({
    path: z.string(),
    /** The column that holds the text in JSON Lines, CSV, TSV and Parquet. */
    column: z.string(),
    /** How the files are read, as far as that was told. */
    reading: z
      .strictObject({ ...schemasOf(documentReading), header: z.boolean() })
      .partial()
      .optional(),
    /** The share of the documents that is held out of training. */
    validationShare: z.number().min(0).lt(1),
    /** Sequences are filled across documents; else each is of one document. */
    packed: z.boolean(),
  }),
  /** How the tokenizer in the run's folder came to be: trained here, or copied from a folder. */
  tokenizer: z.strictObject({ from: z.string(), vocabularySize: whole }),
  /** The folder of the tokens; null: `tokens` in the run's. */
  cache: z.string().nullable(),
  /** Hugging Face's config.json of the model. */
  model: z.record(z.string(), z.json()),
  /** The Hugging Face folder whose weights the run began with; null: new ones. */
  init: z.string().nullable(),
  /** The hash of those weights, `sha256:…`; absent where they are new. */
  initWeights: z.string().optional(),
  /** Tokens a sequence. */
  context: whole,
  /** All pieces of a word are hidden, or none; false where none are hidden. */
  wholeWords: z.boolean(),
});
const afterOwn = learnedByAdamW.extend({
  /** With β₁ and β₂. */
  optimizer: learnedByAdamW.shape.optimizer.extend({ betas: z.tuple([z.number(), z.number()]) }),
});

export const textMethods = byName(methods);
type Shared = z.infer<typeof beforeOwn> & z.infer<typeof afterOwn>;
/** The settings of one of the methods: what it has of its own stands beside what all have. */
export type TextSettings = SettingsOf<(typeof textMethods)[keyof typeof textMethods], Shared>;

const schema = settingsSchema(Object.values(textMethods), (own) => ({
  ...beforeOwn.shape,
  ...own,
  ...afterOwn.shape,
}));

export function parseTextSettings(value: unknown, from: string): TextSettings {
  return parseSettings(schema, value, from) as TextSettings;
}

/** What is known once the text has become tokens. */
export interface PreparedFacts {
  readonly path: string;
  /** Trained here, or the folder. */
  readonly tokenizerFrom: string;
  readonly tokenizer: Tokenizer;
  readonly trainTokens: number;
  /** config.json of `init`. */
  readonly initConfig: Record<string, unknown> | undefined;
  /** The hash of its weights. */
  readonly initWeights?: string | undefined;
}

/** What was not typed follows from the method, the text and what is continued. */
export function textSettingsFrom(card: TextCard, typed: TextOptions, facts: PreparedFacts): TextSettings {
  const { tokenizer, trainTokens, initConfig } = facts;
  const options = filled(withUsual(textOptions, card.usual), typed);
  const { preset = "mini", column, validationShare, pack, cache, init, epochs, batchSize, clip } = options;
  const context = options.context ?? Math.min(CONTEXT, placesOf(initConfig));
  const architecture = options.architecture ?? card.architectures[0]!;
  const model = initConfig ?? architectures[architecture](preset, { ...options, context, tokenizer });
  const counted = epochs === undefined ? STEPS : Math.ceil((epochs * trainTokens) / (batchSize * context));
  const learningRate = options.lr ?? (init === undefined ? LEARNING_RATES[preset] : LEARNING_RATE_AFTER_INIT);
  const reading = documentReadingOf(typed);
  return {
    method: card.name,
    data: {
      path: resolve(facts.path),
      column,
      ...(Object.keys(reading).length > 0 && { reading }),
      validationShare,
      packed: pack,
    },
    tokenizer: { from: facts.tokenizerFrom, vocabularySize: tokenizer.vocabularySize },
    cache: cache === undefined ? null : resolve(cache),
    model: JSON.parse(JSON.stringify(model)),
    init: init === undefined ? null : resolve(init),
    ...(facts.initWeights !== undefined && { initWeights: facts.initWeights }),
    context,
    wholeWords: false,
    ...ownSettings(card, typed, { architecture: String(model.model_type), context, batchSize }),
    steps: options.steps ?? counted,
    batchSize,
    optimizer: { name: "adamw", learningRate, weightDecay: options.weightDecay, betas: [0.9, 0.999] },
    warmup: options.warmup,
    clipNorm: clip === 0 ? null : clip,
    seed: options.seed,
  } as TextSettings;
}
