/**
 * Texts on which pilots are measured.
 */
import { describeFoundData, skipping } from "@autodidact/core";
import { fewLabelProtocol, type ProbeReader, RAW_NAMES, sparseCounterpart, sparseTask } from "@autodidact/evaluate";
import { bagOfWords, loadTextEncoder, openDocuments, openLabelledTexts } from "@autodidact/text";
import { documentReadingOf, type TextSettings, tableReading, tableReadingOf } from "@autodidact/text/cards";
import { type AdvicePart, type AdviceSample, type SampleAsked, sayLabels, whyTooFew } from "../advice/advice-sample.js";
import { inFlags, toldInFlags } from "../option-words.js";

export const textAdvice: AdvicePart<TextSettings> = { reading: tableReading, openSample };

/** Of longer corpora these are the first: to read all of them could take longer than the pilots. */
const MOST_READ = 20_000;

interface Texts {
  readonly texts: readonly string[];
  readonly of: number;
  readonly labels: AdviceSample["labels"];
  readonly why: string | undefined;
}

async function openSample(_: TextSettings, asked: SampleAsked): Promise<AdviceSample> {
  asked.show("reading texts");
  const { texts, of, labels, why } = await labelledOrNot(asked);
  sayLabels(asked, { examples: texts.length, of, noun: "texts", labels, why });
  return {
    examples: texts.length,
    labels,
    raw: RAW_NAMES.text,
    rawReader: async () => wordsReader(texts, labels!),
    features: (folder, contender, signal) => featuresOf(texts, folder, contender, signal),
  };
}

/** Data without labels is taken as it is where nobody asked for labels; why it has none is said. */
async function labelledOrNot(asked: SampleAsked): Promise<Texts> {
  try {
    return await labelledTexts(asked);
  } catch (error) {
    if (asked.labels !== undefined) throw error;
    return unlabelledTexts(asked, inFlags((error as Error).message).replace(/\.$/, ""));
  }
}

async function labelledTexts({ data, labels: path, typed, most, random, print }: SampleAsked): Promise<Texts> {
  const onCorrupt = skipping((text) => print(inFlags(text)));
  const { train, classes, found } = await toldInFlags(
    openLabelledTexts(path ?? data, { ...tableReadingOf(typed), onCorrupt }),
  );
  if (found !== undefined) for (const text of describeFoundData(found, "texts")) print(text);
  const of = train.examples.length;
  const why = whyTooFew(of, "texts");
  if (why !== undefined) throw new Error(why);
  const rows = random.permutation(of).subarray(0, most).sort();
  const labels = Int32Array.from(rows, (row) => train.labels[row]!);
  return {
    texts: Array.from(rows, (row) => train.examples[row]!),
    of,
    labels: { labels, classes: classes.length, names: classes },
    why: undefined,
  };
}

async function unlabelledTexts({ data, typed, most, random, signal, print }: SampleAsked, why: string): Promise<Texts> {
  const column = (typed.column as string | undefined) ?? "text";
  const texts: string[] = [];
  const onCorrupt = skipping(print);
  for await (const { text, continues } of await openDocuments(data, {
    ...documentReadingOf(typed),
    column,
    onCorrupt,
  })) {
    signal.throwIfAborted();
    if (!continues) texts.push(text);
    if (texts.length === MOST_READ) break;
  }
  const rows = random.permutation(texts.length).subarray(0, most).sort();
  return { texts: Array.from(rows, (row) => texts[row]!), of: texts.length, labels: undefined, why };
}

/** Words are numbered by the texts that are learned from, as in `evaluate`. */
function wordsReader(texts: readonly string[], { labels, classes }: NonNullable<AdviceSample["labels"]>): ProbeReader {
  const protocol = fewLabelProtocol();
  const at = <Item>(items: ArrayLike<Item>, rows: readonly number[]) => rows.map((row) => items[row]!);
  return (learn, ask) => {
    const bags = bagOfWords(at(texts, learn), at(texts, ask));
    const task = sparseTask(bags, { train: at(labels, learn), test: at(labels, ask) }, classes);
    return { task, protocol: sparseCounterpart(protocol, task.table) };
  };
}

async function featuresOf(
  texts: readonly string[],
  folder: string,
  contender: "encoder" | "randomInit",
  signal: AbortSignal,
) {
  const { model, untrained, extractor } = await loadTextEncoder(folder);
  const asked = contender === "encoder" ? model : untrained();
  const extract = extractor(asked.encoder);
  try {
    return await extract(texts, { signal });
  } finally {
    extract.dispose();
    for (const one of new Set([model, asked]))
      for (const variable of Object.values({ ...one.parameters, ...one.buffers })) variable.dispose();
  }
}
