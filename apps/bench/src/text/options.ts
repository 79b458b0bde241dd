/**
 * The options of `autodidact pretrain` on text, and the settings that they and the data make together.
 */
import { resolve } from "node:path";
import type { Tokenizer } from "@autodidact/text";
import { type Command, Option } from "commander";
import { seedOption, warmupOption } from "../learning-options.js";
import { realNumber, wholeNumber } from "../option-values.js";
import { type ArchitectureName, architectures, modelSizes, textMethods } from "../registry.js";
import type { TextSettings } from "./settings.js";
import {
  addTokenizerOptions,
  TOKENIZER_KINDS,
  type TokenizerKind,
  type TokenizerOptions,
} from "./tokenizer-training.js";

type MethodName = TextSettings["method"];

/** What the user typed; absent where nothing was. */
export interface TextOptions extends TokenizerOptions {
  column: string;
  validationShare: number;
  cache?: string;
  /** Absent for next-token. */
  pack?: boolean;
  tokenizer?: string;
  tokenizerKind?: TokenizerKind;
  init?: string;
  architecture?: ArchitectureName;
  preset?: (typeof modelSizes)[number];
  layers?: number;
  heads?: number;
  width?: number;
  context?: number;
  wholeWords?: boolean;
  epochs?: number;
  steps?: number;
  batchSize: number;
  lr?: number;
  weightDecay: number;
  clip: number;
  warmup: number;
  seed: number;
}

/** Of new models; deeper ones bear less. */
const LEARNING_RATES = { tiny: 1e-3, mini: 1e-3, small: 5e-4, medium: 3e-4, base: 1e-4 } as const;
/** Of those that have learned already. */
const LEARNING_RATE_AFTER_INIT = 5e-5;
const STEPS = 2000;
const CONTEXT = 128;

export function addTextOptions(command: Command, name: string): void {
  const method = textMethods[name as MethodName];
  const option = (flags: string, description: string) => new Option(flags, description);
  const isMasked = method.examples !== "windows";
  command
    .optionsGroup("Data:")
    .addOption(
      option(
        "--data <path>",
        "folder or file: .txt, .md, .jsonl, .csv, .tsv, .parquet, .fasta (each but Parquet also .gz)",
      ),
    )
    .addOption(option("--column <name>", "that holds the text, of .jsonl, .csv, .tsv and .parquet").default("text"))
    .addOption(
      option("--validation-share <share>", "of the documents, held out: the run is measured on them")
        .argParser(realNumber({ from: 0, to: 0.9 }))
        .default(0.1),
    )
    .addOption(option("--cache <folder>", "of the tokens, for several runs to share (default: in the run's folder)"));
  if (method.examples === "blocks") {
    command.addOption(option("--no-pack", "a sequence is of one document, filled up with padding; for short ones"));
  }
  command
    .optionsGroup("Tokenizer:")
    .addOption(option("--tokenizer <folder>", "that holds a tokenizer.json (default: one is trained on the data)"))
    .addOption(
      option("--tokenizer-kind <kind>", `of the one that is trained (default: ${method.tokenizer})`).choices(
        TOKENIZER_KINDS,
      ),
    );
  addTokenizerOptions(command);
  command
    .optionsGroup("Model:")
    .addOption(
      option("--init <folder>", "continue a Hugging Face model (config.json, model.safetensors, tokenizer.json)"),
    );
  if (method.architectures.length > 1) {
    command.addOption(
      option("--architecture <name>", `(default: ${method.architectures[0]})`).choices(method.architectures),
    );
  }
  command
    .addOption(
      option("--preset <size>", "layers and width, as Google's BERT miniatures (default: mini)").choices(modelSizes),
    )
    .addOption(option("--layers <n>", "in place of the preset's").argParser(wholeNumber({ to: 96 })))
    .addOption(option("--heads <n>", "of attention, in place of the preset's").argParser(wholeNumber({ to: 128 })))
    .addOption(option("--width <n>", "of a layer, in place of the preset's").argParser(wholeNumber({ to: 8192 })))
    .addOption(
      option("--context <tokens>", `a sequence (default: ${CONTEXT}, or as --init)`).argParser(
        wholeNumber({ from: 8, to: 8192 }),
      ),
    )
    .optionsGroup("Learning:");
  if (isMasked) command.addOption(option("--whole-words", "hide all pieces of a word, or none"));
  command
    .addOption(option("--steps <n>", `updates in all (default: ${STEPS})`).argParser(wholeNumber()))
    .addOption(
      option("--epochs <n>", "passes over the tokens, in place of steps")
        .argParser(realNumber({ above: 0 }))
        .conflicts("steps"),
    )
    .addOption(option("--batch-size <n>", "sequences a step").argParser(wholeNumber()).default(32))
    .addOption(
      option(
        "--lr <rate>",
        `highest learning rate (default: by preset ${rates()}; ${LEARNING_RATE_AFTER_INIT} after --init)`,
      ).argParser(realNumber({ above: 0 })),
    )
    .addOption(
      option("--weight-decay <w>", "of matrices")
        .argParser(realNumber({ from: 0 }))
        .default(method.weightDecay),
    )
    .addOption(
      option("--clip <norm>", "bound of the gradients' norm; 0: none")
        .argParser(realNumber({ from: 0 }))
        .default(1),
    )
    .addOption(warmupOption())
    .addOption(seedOption());
}

const rates = () => modelSizes.map((size) => `${size} ${LEARNING_RATES[size]}`).join(", ");

/** What is known once the text has become tokens. */
export interface TextFacts {
  readonly path: string;
  /** Trained here, or the folder. */
  readonly tokenizerFrom: string;
  readonly tokenizer: Tokenizer;
  readonly trainTokens: number;
  /** config.json of --init. */
  readonly initConfig: Record<string, unknown> | undefined;
}

export function textSettingsFrom(method: MethodName, options: TextOptions, facts: TextFacts): TextSettings {
  const { tokenizer, trainTokens, initConfig } = facts;
  const { preset = "mini", batchSize, init, lr, clip } = options;
  const context = contextOf(options, initConfig);
  const perStep = batchSize * context;
  const [name = "bert"] = textMethods[method].architectures;
  const model = initConfig ?? architectures[options.architecture ?? name](preset, { ...options, context, tokenizer });
  return {
    method,
    data: {
      path: resolve(facts.path),
      column: options.column,
      validationShare: options.validationShare,
      packed: options.pack ?? true,
    },
    tokenizer: { from: facts.tokenizerFrom, vocabularySize: tokenizer.vocabularySize },
    cache: options.cache === undefined ? null : resolve(options.cache),
    model: JSON.parse(JSON.stringify(model)) as TextSettings["model"],
    init: init === undefined ? null : resolve(init),
    context,
    wholeWords: options.wholeWords ?? false,
    steps:
      options.steps ?? (options.epochs === undefined ? STEPS : Math.ceil((options.epochs * trainTokens) / perStep)),
    batchSize,
    optimizer: {
      name: "adamw",
      learningRate: lr ?? (init === undefined ? LEARNING_RATES[preset] : LEARNING_RATE_AFTER_INIT),
      weightDecay: options.weightDecay,
      betas: [0.9, 0.999],
    },
    warmup: options.warmup,
    clipNorm: clip === 0 ? null : clip,
    seed: options.seed,
  };
}

/** No longer than what is continued has places for. */
function contextOf({ context }: TextOptions, initConfig: TextFacts["initConfig"]): number {
  const places = Number(initConfig?.max_position_embeddings ?? initConfig?.n_positions ?? Infinity);
  return context ?? Math.min(CONTEXT, places);
}
