/**
 * Which text a model's perplexity is of: what its run held out, or any other.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { counted, exists, grouped, type Place, UsageError } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import { openCorpus } from "../corpus/corpus-cache.js";
import { closeCorpus, tokensFolder, tokensOf } from "../corpus/prepared-text.js";
import type { Documents } from "../documents/documents.js";
import type { LoadedTextEncoder } from "../models/load-text-encoder.js";
import { measurePerplexity, type Perplexity, type PerplexityOptions } from "./perplexity.js";

export interface PerplexityOfText extends Perplexity {
  /** What was measured on: `the part of speeches that the run held out`. */
  readonly on: string;
  /** The hash of that text: `sha256:…` */
  readonly hash: string;
}

export interface AskedText
  extends Place,
    Pick<PerplexityOptions, "kind" | "packed" | "wholeWords" | "seed" | "stride"> {
  /** The data's path. */
  readonly data: string;
  /** Whether the run, whose folder is `folder`, learned from this very data; undefined where the folder is no run. */
  readonly isOwn: boolean | undefined;
  /** The folder of the run's tokens; null, or nothing: inside its own. */
  readonly cache?: string | null | undefined;
  open(): Promise<Documents>;
}

/** Of the run's own data the part that it held out; of any other data all. */
export async function perplexityOf(
  loaded: Pick<LoadedTextEncoder, "model" | "tokenizer" | "context" | "untrained">,
  asked: AskedText,
): Promise<PerplexityOfText> {
  const { line, signal, kind, packed, wholeWords, seed, stride } = asked;
  const scratch = await mkdtemp(join(tmpdir(), "autodidact-"));
  try {
    const { on, text, frequencies, close } = await textOf(loaded.tokenizer, asked, scratch);
    const measured = await measurePerplexity(loaded, text, {
      kind,
      packed,
      wholeWords,
      seed,
      stride,
      frequencies,
      signal,
      announce: (contender) => line.show(contender === "model" ? "predicting" : "predicting by the random init"),
    });
    await close();
    return { ...measured, on, hash: text.hash };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Opened {
  readonly on: string;
  readonly text: Corpus;
  /** What the run learned from, where it is here. */
  readonly frequencies: Corpus | undefined;
  close(): Promise<void>;
}

async function textOf(
  tokenizer: LoadedTextEncoder["tokenizer"],
  { folder, data, isOwn, cache, line, signal, open }: AskedText,
  scratch: string,
): Promise<Opened> {
  const kept = isOwn === undefined ? undefined : tokensFolder(folder, cache);
  const own = kept !== undefined && (await exists(kept)) ? await openCorpus(kept) : undefined;
  if (isOwn) {
    if (own === undefined || own.validation.tokens < 2) {
      throw new UsageError(`${folder} learned from all of ${data}: nothing is held out. Name other text.`);
    }
    const on = `the part of ${basename(data)} that the run held out`;
    return { on, text: own.validation, frequencies: own.train, close: () => closeCorpus(own) };
  }
  const made = await tokensOf(await open(), tokenizer, join(scratch, "tokens"), { validationShare: 0, line, signal });
  const close = async () => {
    if (own !== undefined) await closeCorpus(own);
    await closeCorpus(made);
  };
  return { on: basename(data), text: made.train, frequencies: own?.train, close };
}

/** What the figures are of. */
export function describePerplexity(perplexity: PerplexityOfText): string {
  const { on, kind, tokens, bytes, unigramCountedOn, model } = perplexity;
  const predicted =
    kind === "windows"
      ? "every token from those before it"
      : "hidden tokens (15 %) from all others: not the probability of the text";
  const caveat = unigramCountedOn === "this text" ? " Frequencies are of this very text: better than they can be." : "";
  return `${on}: ${counted(tokens, "tokens")}, ${counted(bytes, "bytes")}. Predicted: ${predicted}; ${grouped(model.tokens)} of them in every row.${caveat}`;
}
