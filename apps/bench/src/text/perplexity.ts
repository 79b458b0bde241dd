/**
 * How well a text model tells text that it did not learn from, beside token frequencies alone and the model before it learned.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createRandom } from "@autodidact/core";
import {
  type Corpus,
  isCausalModel,
  isPairModel,
  openCorpus,
  type TokenMeasure,
  type TokenModel,
  unigramBaseline,
} from "@autodidact/text";
import type { Session } from "../engine-options.js";
import { exists } from "../free-folder.js";
import { UsageError } from "../usage-error.js";
import { type ExampleKind, type Examples, examplesOf } from "./examples.js";
import { type HeldOutMeasure, measureHeldOut } from "./held-out.js";
import { openAll, tokensFolder, tokensOf } from "./prepared-text.js";
import { textMethods } from "./settings.js";
import { openTrainedText, type TrainedText, untrained } from "./trained-text.js";

export interface Perplexity {
  /** What was measured on: `part of speeches held out by the run`. */
  readonly on: string;
  /** How the tokens were predicted. */
  readonly kind: ExampleKind;
  readonly model: HeldOutMeasure;
  readonly randomInit: HeldOutMeasure;
  readonly unigram: TokenMeasure & { readonly bitsPerByte: number };
  /** Where frequencies were counted: in what the run learned from, or, of a model whose text is not here, in the text asked about. */
  readonly unigramCountedOn: "training text" | "this text";
  readonly tokens: number;
  readonly bytes: number;
}

export interface PerplexityOptions {
  readonly column: string;
  readonly seed: number;
}

/** Sequences are at most so many: enough for two digits. */
const MOST_SEQUENCES = 4000;
const BATCH_SIZE = 32;

export async function measurePerplexity(
  folder: string,
  data: string,
  { column, seed }: PerplexityOptions,
  { line, signal }: Pick<Session, "line" | "signal">,
): Promise<Perplexity> {
  const trained = await openTrainedText(folder);
  const scratch = await mkdtemp(join(tmpdir(), "autodidact-"));
  try {
    const asked = await askedText(trained, { folder, data, column, scratch, line, signal });
    const { text, frequencies } = asked;
    line.show("predicting");
    const examples = askedExamples(trained, text, seed);
    const { tokenizer, settings } = trained;
    const bytesPerToken = text.bytes / text.tokens;
    const measure = (model: TokenModel) =>
      measureHeldOut(model, examples, {
        ...{ tokenizer, wholeWords: settings?.wholeWords ?? false, seed },
        ...{ batchSize: BATCH_SIZE, limit: MOST_SEQUENCES, bytesPerToken, signal },
      });
    const model = await measure(trained.model);
    line.show("predicting by the random init");
    const randomInit = await measure(untrained(trained));
    const unigram = await unigramBaseline(frequencies ?? text, text, tokenizer.vocabularySize);
    await asked.close();
    return {
      ...{ on: asked.on, kind: examples.kind, model, randomInit },
      unigram: { ...unigram, bitsPerByte: unigram.loss / Math.LN2 / bytesPerToken },
      unigramCountedOn: frequencies === undefined ? "this text" : "training text",
      ...{ tokens: text.tokens, bytes: text.bytes },
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Asking extends Pick<Session, "line" | "signal"> {
  readonly folder: string;
  readonly data: string;
  readonly column: string;
  readonly scratch: string;
}

interface Asked {
  readonly on: string;
  readonly text: Corpus;
  /** What the run learned from, where it is here. */
  readonly frequencies: Corpus | undefined;
  close(): Promise<void>;
}

/** Of the run's own data the part that it held out; of any other data all. */
async function askedText({ tokenizer, settings }: TrainedText, asking: Asking): Promise<Asked> {
  const { folder, data, column, scratch, line, signal } = asking;
  const kept = settings && tokensFolder(folder, settings.cache);
  const own = kept !== undefined && (await exists(kept)) ? await openCorpus(kept) : undefined;
  const closeOwn = async () => {
    await own?.train.close();
    await own?.validation.close();
  };
  if (settings !== undefined && resolve(data) === settings.data.path) {
    if (own === undefined || own.validation.tokens < 2) {
      throw new UsageError(`${folder} learned from all of ${data}: nothing is held out. Name other text.`);
    }
    return {
      on: `the part of ${data} that the run held out`,
      text: own.validation,
      frequencies: own.train,
      close: closeOwn,
    };
  }
  const documents = await openAll(data, column, line.print);
  const made = await tokensOf(documents, tokenizer, join(scratch, "tokens"), { validationShare: 0, line, signal });
  const close = async () => {
    await closeOwn();
    await made.train.close();
    await made.validation.close();
  };
  return { on: data, text: made.train, frequencies: own?.train, close };
}

/** As the run's method cut them; of other models by what they can do. */
function askedExamples({ model, tokenizer, settings, context }: TrainedText, text: Corpus, seed: number): Examples {
  const kind = settings ? textMethods[settings.method].examples : kindOf(model);
  const packed = settings?.data.packed ?? true;
  const random = createRandom(seed).split("pairs");
  return examplesOf(text, { kind, length: context, packed, tokenizer, random, once: true });
}

function kindOf(model: TokenModel): ExampleKind {
  if (isCausalModel(model)) return "windows";
  if (!isPairModel(model)) return "blocks";
  return model.config.model_type === "albert" ? "sentence-order" : "next-sentence";
}
