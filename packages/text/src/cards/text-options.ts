/**
 * The options that pretraining has for the methods on text.
 */

import {
  choice,
  flag,
  learningOptions,
  type OptionGroups,
  type Options,
  positive,
  real,
  share,
  type Typed,
  text,
  whole,
  withUsual,
} from "@autodidact/core/cards";
import type { ArchitectureName } from "../models/architectures.js";
import { type ModelSize, modelSizes } from "../models/model-size.js";
import { tokenizerKinds, VOCABULARY_SIZE } from "../tokenizer/train-tokenizer.js";
import { documentReading } from "./reading-options.js";

/** The rates of new models; deeper ones bear less. */
export const LEARNING_RATES = { tiny: 1e-3, mini: 1e-3, small: 5e-4, medium: 3e-4, base: 1e-4 } as const;
/** The rate of models that have learned already. */
export const LEARNING_RATE_AFTER_INIT = 5e-5;
export const STEPS = 2000;
export const CONTEXT = 128;

export const columnOption = text(
  "text",
  "that holds the text, of .jsonl, .csv, .tsv and .parquet; of .csv and .tsv also its number",
  {
    unit: "name",
  },
);

const dataOptions = {
  data: text("folder or file: .txt, .md, .jsonl, .csv, .tsv, .parquet, .fasta (each but Parquet also .gz)", {
    unit: "path",
  }),
  column: columnOption,
  ...documentReading,
  validationShare: share(0.1, "of the documents, held out: the run is measured on them", { to: 0.9 }),
  cache: text("of the tokens, for several runs to share", { unit: "folder", usually: "in the run's folder" }),
  pack: flag("a sequence is of one document, filled up with padding; for short ones", { usual: true }),
};

export const tokenizerOptions = {
  vocabularySize: whole("pieces, special tokens too", {
    from: 8,
    to: 1_000_000,
    usually: `${VOCABULARY_SIZE}; all characters`,
  }),
  lowercase: flag("of wordpiece: letters as they are; else É and e are one", { usual: true }),
  kmer: whole(1, "of protein and dna: residues a piece", { to: 6 }),
};

const tokenizerChoice = {
  tokenizer: text("that holds a tokenizer.json", { unit: "folder", usually: "one is trained on the data" }),
  tokenizerKind: choice(tokenizerKinds)("of the one that is trained", { unit: "kind" }),
  ...tokenizerOptions,
};

const modelOptions = {
  init: text("continue a Hugging Face model (config.json, model.safetensors, tokenizer.json)", { unit: "folder" }),
  architecture: choice(["bert", "albert", "gpt2"])(""),
  preset: choice(Object.keys(modelSizes) as ModelSize[])("layers and width, as Google's BERT miniatures", {
    unit: "size",
    usually: "mini",
  }),
  layers: whole("in place of the preset's", { to: 96 }),
  heads: whole("of attention, in place of the preset's", { to: 128 }),
  width: whole("of a layer, in place of the preset's", { to: 8192 }),
  context: whole("a sequence", { from: 8, to: 8192, unit: "tokens", usually: `${CONTEXT}, or as \`init\`` }),
};

const rates = Object.entries(LEARNING_RATES).map(([size, rate]) => `${size} ${rate}`);

const learning = {
  steps: whole("updates in all", { usually: String(STEPS) }),
  epochs: positive("passes over the tokens, in place of steps", { unit: "n", conflicts: "steps" }),
  batchSize: whole(32, "sequences a step"),
  lr: positive("highest learning rate", {
    unit: "rate",
    usually: `by preset ${rates.join(", ")}; ${LEARNING_RATE_AFTER_INIT} after \`init\``,
  }),
  weightDecay: real(0.01, "of matrices", { from: 0, unit: "w" }),
  clip: real(1, "bound of the gradients' norm; 0: none", { from: 0, unit: "norm" }),
  ...learningOptions,
};

export const textOptions = { ...dataOptions, ...tokenizerChoice, ...modelOptions, ...learning };
/** What was typed, of these options and of the method's own. */
export type TextOptions = Typed<typeof textOptions> & Readonly<Record<string, unknown>>;

/** What a card says of options. */
interface CardOptions {
  readonly name: string;
  readonly options: Options;
  readonly architectures: readonly ArchitectureName[];
  readonly examples: string;
  readonly tokenizer: string;
  readonly usual?: Typed<typeof textOptions>;
}

/** The options of pretraining by the method, by heading. */
export function textOptionGroups({
  name,
  options,
  architectures,
  examples,
  tokenizer,
  usual,
}: CardOptions): OptionGroups {
  const { pack, ...unpacked } = dataOptions;
  const { architecture, ...ofOneArchitecture } = modelOptions;
  const { init, ...others } = ofOneArchitecture;
  const chosen = { ...architecture, choices: architectures, usually: architectures[0] };
  const kind = { ...tokenizerChoice.tokenizerKind, usually: tokenizer };
  const groups: Record<string, Options> = {
    Data: examples === "blocks" ? dataOptions : unpacked,
    Tokenizer: { ...tokenizerChoice, tokenizerKind: kind },
    Model: architectures.length > 1 ? { init, architecture: chosen, ...others } : ofOneArchitecture,
    [`Method (${name})`]: options,
    Learning: learning,
  };
  return Object.fromEntries(Object.entries(groups).map(([heading, group]) => [heading, withUsual(group, usual)]));
}
