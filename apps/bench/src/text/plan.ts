/**
 * The way from what the user typed to a run on text: first everything that can be refused, then the tokenizer, the tokens, the settings.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Documents, openTextModel, readTokenizer, type Tokenizer } from "@autodidact/text";
import type { Place, Plan } from "../modality.js";
import { type Filled, filled } from "../typed-option.js";
import { UsageError } from "../usage-error.js";
import { assertPossible } from "./assert-possible.js";
import type { TextCard } from "./card.js";
import { type TextOptions, textOptions } from "./options.js";
import { assertTokensGoTo, keepTokenizer, openAll, removePrepared, tokensFolder, tokensOf } from "./prepared-text.js";
import { documentReadingOf } from "./reading-options.js";
import { placesOf, type TextSettings, textSettingsFrom } from "./settings.js";
import { trainTokenizer } from "./tokenizer-training.js";
import { warningOfUnknown } from "./unknown-pieces.js";

export async function planText(card: TextCard, path: string, typed: TextOptions): Promise<Plan<TextSettings>> {
  assertConsistent(typed);
  const initConfig = typed.init === undefined ? undefined : await configOf(typed.init, card);
  assertFits(typed, initConfig);
  await assertPossible(card, typed);
  const initWeights = typed.init === undefined ? undefined : await weightsOf(typed.init, initConfig!);
  if (typed.tokenizer !== undefined) await readTokenizer(typed.tokenizer);
  const options = filled(textOptions, typed);
  const { column, validationShare, cache } = options;
  if (cache !== undefined) await assertTokensGoTo(cache, path);
  const documents = await openAll(path, { ...documentReadingOf(typed), column }, () => {});
  assertDocuments(card, path, documents, options.documents);

  return {
    found: documents.found,
    takeBack: (folder) => removePrepared(folder, cache),
    async settle(place) {
      const { made: tokenizer, from: tokenizerFrom } = await tokenizerOf(card, documents, options, place);
      const tokens = tokensFolder(place.folder, cache);
      const corpus = await tokensOf(documents, tokenizer, tokens, { validationShare, ...place });
      const trainTokens = corpus.train.tokens;
      const instead = typed.init === undefined ? "--tokenizer or --tokenizer-kind" : "an --init of such text";
      const warning = await warningOfUnknown(corpus.train, tokenizer, instead);
      if (warning !== undefined) place.line.print(warning);
      await Promise.all([corpus.train.close(), corpus.validation.close()]);
      return textSettingsFrom(card, typed, { path, tokenizer, tokenizerFrom, trainTokens, initConfig, initWeights });
    },
  };
}

function assertConsistent({ init, layers, heads, width, architecture, preset, tokenizer }: TextOptions): void {
  if (init === undefined) return;
  const typed = Object.entries({ layers, heads, width, architecture, preset, tokenizer }).filter(([, value]) => value);
  if (typed.length === 0) return;
  throw new UsageError(
    `--init brings its own model and tokenizer: leave out ${typed.map(([name]) => `--${name}`).join(", ")}.`,
  );
}

/** The config.json of what is to be continued; it must be a model that the method can learn. */
async function configOf(init: string, { name, architectures }: TextCard): Promise<Record<string, unknown>> {
  const text = await readFile(join(init, "config.json"), "utf8").catch(() => undefined);
  if (text === undefined) {
    throw new UsageError(`--init ${init} must be a Hugging Face model's folder, and it has no config.json.`);
  }
  const config = JSON.parse(text) as Record<string, unknown>;
  if (config.model_type === undefined && "method" in config) {
    throw new UsageError(`--init ${init} is a run. Name the model inside it: --init ${join(init, "encoder")}`);
  }
  if (architectures.some((known) => known === config.model_type)) return config;
  throw new UsageError(
    `--init ${init}: ${name} learns ${architectures.join(" or ")}, and this is ${JSON.stringify(config.model_type)}.`,
  );
}

/** Segments that do not follow are taken from other documents: of one alone nothing can be learned. */
function assertDocuments(
  { name, examples }: TextCard,
  path: string,
  { found }: Documents,
  kind: string | undefined,
): void {
  const [part] = found?.parts ?? [];
  const isOneFile = found?.kind.startsWith("plain text") === true && part?.files === 1;
  if (examples !== "next-sentence" || !isOneFile || kind === "blank-lines") return;
  throw new UsageError(
    `${path} is one document, and ${name} takes segments from others too. Where blank lines stand between its documents: ` +
      "--documents blank-lines. Else give a folder of files or a table, or take sentence-order.",
  );
}

/** The hash of the weights to be continued; they and the tokenizer beside them must fit the config. */
async function weightsOf(init: string, { vocab_size: rows }: Record<string, unknown>): Promise<string> {
  const { fingerprint } = await openTextModel(init);
  const { vocabularySize } = await readTokenizer(init);
  if (vocabularySize > Number(rows ?? Infinity)) {
    throw new UsageError(
      `--init ${init}: the tokenizer has ${vocabularySize} pieces, and the model embeddings for ${rows}. They are not of one model.`,
    );
  }
  return fingerprint();
}

function assertFits({ context }: TextOptions, config: Record<string, unknown> | undefined): void {
  const places = placesOf(config);
  if (context === undefined || context <= places) return;
  throw new UsageError(`--context must be at most ${places}, the places of --init, got ${context}.`);
}

/** Named, brought by --init, or trained on the documents; a copy stays with the run. */
async function tokenizerOf(
  card: TextCard,
  documents: Documents,
  options: Filled<typeof textOptions>,
  { folder, line, signal }: Place,
): Promise<{ made: Tokenizer; from: string }> {
  const from = options.tokenizer ?? options.init;
  if (from !== undefined) return { made: await keepTokenizer((await readTokenizer(from)).files, folder), from };
  const kind = options.tokenizerKind ?? card.tokenizer;
  const masks = card.examples !== "windows";
  const files = await trainTokenizer(documents, { ...options, kind, masks, line, signal });
  const made = await keepTokenizer(files, folder);
  const given = kind === "protein" || kind === "dna";
  line.print(
    `tokenizer: ${kind}, ${made.vocabularySize} pieces${given ? "" : ", trained on the data"} (another: --tokenizer FOLDER)`,
  );
  return { made, from: "trained on the data" };
}
