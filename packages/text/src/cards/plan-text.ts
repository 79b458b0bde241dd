/**
 * The way from what was told to a run on text: first everything that can be refused, then the tokenizer, the tokens, the settings.
 */
import { assertApart, assertReplaceable, type Place, skipping, UsageError } from "@autodidact/core";
import { assertGiven, type Filled, filled, type SettledPlan } from "@autodidact/core/cards";
import { isCorpusFile } from "../corpus/corpus-cache.js";
import { closeCorpus, keepTokenizer, removePrepared, tokensFolder, tokensOf } from "../corpus/prepared-text.js";
import { warningOfUnknown } from "../corpus/unknown-pieces.js";
import type { Documents } from "../documents/documents.js";
import { openDocuments } from "../documents/open-documents.js";
import { architectures, placesOf } from "../models/architectures.js";
import { assertHeads, assertMask, continuedConfig, continuedWeights } from "../models/continued-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { trainTokenizer } from "../tokenizer/train-tokenizer.js";
import { documentReadingOf } from "./reading-options.js";
import type { TextCard } from "./text-card.js";
import { CONTEXT, type TextOptions, textOptionGroups, textOptions } from "./text-options.js";
import { type TextSettings, textSettingsFrom } from "./text-settings.js";

export async function planText(card: TextCard, path: string, typed: TextOptions): Promise<SettledPlan<TextSettings>> {
  const { init } = typed;
  assertGiven("planText", textOptionGroups(card), typed);
  assertConsistent(typed);
  const initConfig = init === undefined ? undefined : await continuedConfig(init, card);
  assertFits(typed, initConfig);
  await assertPossible(card, typed);
  const initWeights = init === undefined ? undefined : await continuedWeights(init, initConfig!);
  if (typed.tokenizer !== undefined) await readTokenizer(typed.tokenizer);
  const options = filled(textOptions, typed);
  const { column, validationShare, cache } = options;
  if (cache !== undefined) {
    await assertApart(cache, path, { out: "`cache`", data: "`data`" });
    await assertReplaceable(cache, { isOwn: isCorpusFile });
  }
  const early: string[] = []; // of what was broken when the data was looked at: there is no line to print on yet
  let print: (text: string) => void = (text) => early.push(text);
  const onCorrupt = skipping((text) => print(text));
  const documents = await openDocuments(path, { ...documentReadingOf(typed), column, onCorrupt });
  assertDocuments(card, path, documents, options.documents);

  return {
    found: documents.found,
    takeBack: (folder) => removePrepared(folder, cache),
    async settle(place) {
      print = place.line.print;
      for (const text of early.splice(0)) print(text);
      const { made: tokenizer, from: tokenizerFrom } = await tokenizerOf(card, documents, options, place);
      const tokens = tokensFolder(place.folder, cache);
      const corpus = await tokensOf(documents, tokenizer, tokens, { validationShare, ...place });
      onCorrupt.conclude("documents");
      const trainTokens = corpus.train.tokens;
      const instead = init === undefined ? "`tokenizer` or `tokenizerKind`" : "an `init` of such text";
      const warning = await warningOfUnknown(corpus.train, tokenizer, instead);
      if (warning !== undefined) place.line.print(warning);
      await closeCorpus(corpus);
      return textSettingsFrom(card, typed, { path, tokenizer, tokenizerFrom, trainTokens, initConfig, initWeights });
    },
  };
}

/** What cannot come to anything whatever the text is: refused before minutes of tokenizing. */
export async function assertPossible(card: TextCard, typed: TextOptions): Promise<void> {
  const { preset = "mini", context = CONTEXT, ...options } = filled(textOptions, typed);
  const { architecture = card.architectures[0]! } = options;
  const tokenizer = { vocabularySize: 1, special: {} }; // neither changes a layer
  if (typed.init === undefined) assertHeads(architectures[architecture](preset, { ...options, context, tokenizer }));
  if (card.examples !== "windows") await assertMask(card.name, typed);
}

function assertConsistent({ init, layers, heads, width, architecture, preset, tokenizer }: TextOptions): void {
  if (init === undefined) return;
  const typed = Object.entries({ layers, heads, width, architecture, preset, tokenizer }).filter(([, value]) => value);
  if (typed.length === 0) return;
  throw new UsageError(
    `\`init\` brings its own model and tokenizer: leave out ${typed.map(([name]) => `\`${name}\``).join(", ")}.`,
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
      '{ documents: "blank-lines" }. Else give a folder of files or a table, or take sentence-order.',
  );
}

function assertFits({ context }: TextOptions, config: Record<string, unknown> | undefined): void {
  const places = placesOf(config);
  if (context === undefined || context <= places) return;
  throw new UsageError(`\`context\` must be at most ${places}, the places of \`init\`, got ${context}.`);
}

/** Named, brought by `init`, or trained on the documents; a copy stays with the run. */
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
  const files = await trainTokenizer(documents, { ...options, kind, masks, show: line.show, signal });
  const made = await keepTokenizer(files, folder);
  const given = kind === "protein" || kind === "dna";
  line.print(
    `tokenizer: ${kind}, ${made.vocabularySize} pieces${given ? "" : ", trained on the data"} (another: \`tokenizer\`)`,
  );
  return { made, from: "trained on the data" };
}
