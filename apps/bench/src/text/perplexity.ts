/**
 * Which text a model's perplexity is of: what its run held out, or any other.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { describeSubject, type ResultRecord } from "@autodidact/evaluate";
import {
  type Corpus,
  type LoadedTextEncoder,
  loadTextEncoder,
  measurePerplexity,
  openCorpus,
  type Perplexity as PerplexityOfText,
} from "@autodidact/text";
import type { Session } from "../engine-options.js";
import { exists } from "../free-folder.js";
import { UsageError } from "../usage-error.js";
import { openAll, tokensFolder, tokensOf } from "./prepared-text.js";
import type { DocumentReading } from "./reading-options.js";
import { parseTextSettings, type TextSettings, textMethods } from "./settings.js";

export interface Perplexity extends PerplexityOfText {
  /** What was measured on: `part of speeches held out by the run`. */
  readonly on: string;
  /** The hash of that text: `sha256:…` */
  readonly hash: string;
  readonly subject: ResultRecord["subject"];
}

export interface PerplexityOptions {
  readonly column: string;
  readonly reading: DocumentReading;
  readonly seed: number;
  /** Tokens from one window's start to the next's; the context unless told. */
  readonly stride?: number | undefined;
}

export async function perplexityOf(
  folder: string,
  data: string,
  { column, reading, seed, stride }: PerplexityOptions,
  { line, signal }: Pick<Session, "line" | "signal">,
): Promise<Perplexity> {
  const loaded = await loadTextEncoder(folder);
  const settings = loaded.config && parseTextSettings(loaded.config, join(folder, "config.json"));
  const scratch = await mkdtemp(join(tmpdir(), "autodidact-"));
  try {
    const asked = await askedText(loaded, settings, { folder, data, column, reading, scratch, line, signal });
    const measured = await measurePerplexity(loaded, asked.text, {
      kind: settings && textMethods[settings.method].examples,
      packed: settings?.data.packed,
      wholeWords: settings?.wholeWords,
      seed,
      stride,
      frequencies: asked.frequencies,
      signal,
      announce: (contender) => line.show(contender === "model" ? "predicting" : "predicting by the random init"),
    });
    const { on, text } = asked;
    await asked.close();
    return { ...measured, on, hash: text.hash, subject: describeSubject(loaded, loaded.model.config, folder) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Asking extends Pick<Session, "line" | "signal"> {
  readonly folder: string;
  readonly data: string;
  readonly column: string;
  readonly reading: DocumentReading;
  readonly scratch: string;
}

interface Asked {
  readonly on: string;
  readonly text: Corpus;
  /** What the run learned from, where it is here. */
  readonly frequencies: Corpus | undefined;
  close(): Promise<void>;
}

/** The part of the run's own data that it held out; all of any other data. */
async function askedText(
  { tokenizer }: LoadedTextEncoder,
  settings: TextSettings | undefined,
  { folder, data, column, reading, scratch, line, signal }: Asking,
): Promise<Asked> {
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
      on: `the part of ${basename(data)} that the run held out`,
      text: own.validation,
      frequencies: own.train,
      close: closeOwn,
    };
  }
  const documents = await openAll(data, { ...reading, column }, line.print);
  const made = await tokensOf(documents, tokenizer, join(scratch, "tokens"), { validationShare: 0, line, signal });
  const close = async () => {
    await closeOwn();
    await made.train.close();
    await made.validation.close();
  };
  return { on: basename(data), text: made.train, frequencies: own?.train, close };
}
