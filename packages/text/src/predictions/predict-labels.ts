/**
 * A label for each word or residue of new texts, by a model that was taught such.
 */
import { counted, type Prediction } from "@autodidact/core";
import { readSentences } from "../documents/open-labelled-sentences.js";
import type { FineTunedTagger } from "../finetuning/load-fine-tuned.js";
import { type AskedTexts, askedTexts, type PredictTextsOptions } from "./asked-texts.js";

/** Words that are labelled together. */
const AT_ONCE = 4096;

export async function* predictLabels(
  model: FineTunedTagger,
  asked: AskedTexts,
  { line, signal, onCorrupt }: PredictTextsOptions,
): AsyncGenerator<Prediction, void> {
  const { data, reading } = asked;
  const sentences =
    data !== undefined && isOfColumns(data)
      ? each(await readSentences(data, { ...reading, onCorrupt }))
      : withWords(await askedTexts(asked, { onCorrupt }), model);
  let [done, words] = [0, 0];
  let some: Worded[] = [];
  const label = async function* () {
    const found = await model.label(some.map((one) => one.words));
    for (const [place, { id, words }] of some.entries()) {
      const { labels, probabilities } = found[place]!;
      const tokens = words.map((token, n) => ({
        token,
        label: model.classes[labels[n]!]!,
        probability: probabilities[n]!,
      }));
      yield { kind: "labels", id, tokens } as const;
    }
    done += some.length;
    line.show(counted(done, "texts"));
    [some, words] = [[], 0];
  };
  for await (const sentence of sentences) {
    signal.throwIfAborted();
    some.push(sentence);
    words += sentence.words.length;
    if (words >= AT_ONCE) yield* label();
  }
  if (some.length > 0) yield* label();
}

interface Worded {
  readonly id: string;
  readonly words: readonly string[];
}

/** Files whose words stand in columns already. */
const isOfColumns = (path: string) => /\.(conll\w*|bio|iob2?|iobes|bioes)$/i.test(path);

async function* withWords(
  texts: AsyncIterable<{ readonly id: string; readonly text: string }>,
  { wordsIn }: FineTunedTagger,
): AsyncGenerator<Worded> {
  for await (const { id, text } of texts) yield { id, words: wordsIn(text) };
}

async function* each<One>(all: readonly One[]) {
  yield* all;
}
