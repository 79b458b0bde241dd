/**
 * The way from a run's settings to what learns from text.
 */
import { type Learner, type Place, skipping } from "@autodidact/core";
import { scheduleOf } from "@autodidact/core/cards";
import { reopenTokens, tokenizerFolder } from "../corpus/prepared-text.js";
import { openDocuments } from "../documents/open-documents.js";
import { textLearner } from "../text-learner.js";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import type { TextCard } from "./text-card.js";
import { type TextSettings, textMethods } from "./text-settings.js";

/** `dataPath`: where the data is now, if it has moved since the run began. */
export async function settledTextLearner(
  settings: TextSettings,
  place: Place,
  path = settings.data.path,
): Promise<Learner> {
  const { method, data, optimizer, cache } = settings;
  const { validationShare, column, reading } = data;
  const card: TextCard = textMethods[method];
  const tokenizer = await readTokenizer(tokenizerFolder(place.folder));
  const onCorrupt = skipping(place.line.print);
  const open = () => openDocuments(path, { ...reading, column, onCorrupt });
  const corpus = await reopenTokens(tokenizer, { ...place, path, cache, validationShare, open });
  const learning = { ...settings, ...optimizer, packed: data.packed, learningRate: scheduleOf(settings) };
  const make = (model: Parameters<TextCard["make"]>[0]["model"]) =>
    card.make({ model, tokenizer, options: settings as never });
  return textLearner(corpus, { ...learning, tokenizer, examples: card.examples, heads: card.heads, make }, place);
}
