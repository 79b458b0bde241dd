/**
 * The way from settings to what learns from text.
 */
import type { Learner, Place } from "@autodidact/core";
import { textLearner as learnerOf, readTokenizer, reopenTokens, tokenizerFolder } from "@autodidact/text";
import { scheduleOf } from "../learning-options.js";
import { inFlags } from "../option-words.js";
import type { TextCard } from "./card.js";
import { openAll } from "./open-all.js";
import { type TextSettings, textMethods } from "./settings.js";

/** `dataPath`: where the data is now, if it has moved since the run began. */
export async function textLearner(
  settings: TextSettings,
  { folder, line, signal }: Place,
  path = settings.data.path,
): Promise<Learner> {
  const { method, data, optimizer, cache } = settings;
  const { validationShare, column, reading } = data;
  const card: TextCard = textMethods[method];
  const place = { folder, signal, line: { ...line, print: (text: string) => line.print(inFlags(text)) } };
  const tokenizer = await readTokenizer(tokenizerFolder(folder));
  const open = () => openAll(path, { ...reading, column }, line.print);
  const corpus = await reopenTokens(tokenizer, { ...place, path, cache, validationShare, open });
  const learning = { ...settings, ...optimizer, packed: data.packed, learningRate: scheduleOf(settings) };
  const make = (model: Parameters<TextCard["make"]>[0]["model"]) =>
    card.make({ model, tokenizer, options: settings as never });
  return learnerOf(corpus, { ...learning, tokenizer, examples: card.examples, heads: card.heads, make }, place);
}
