/**
 * Texts as features of an encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, type Embedded, embed } from "@autodidact/core";
import {
  contendersOf,
  describeSubject,
  describeTask,
  type Examined,
  sparseCounterpart,
  sparseTask,
} from "@autodidact/evaluate";
import { bagOfWords, type Documents, loadTextEncoder, openLabelledTexts } from "@autodidact/text";
import { type Examination, type ExaminationOptions, featuresTold, labelsOf } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { inFlags, toldInFlags } from "../option-words.js";
import { grouped } from "../progress.js";
import { skipping } from "../skipping.js";
import { openAll } from "./prepared-text.js";
import { documentReadingOf, tableReadingOf } from "./reading-options.js";

export async function examineText(folder: string, path: string, options: ExaminationOptions): Promise<Examination> {
  const { perClass, signal, show, print, typed = {} } = options;
  const loaded = await loadTextEncoder(folder);
  show("reading texts");
  const onCorrupt = skipping((text) => print(inFlags(text)));
  const data = await toldInFlags(openLabelledTexts(path, { ...tableReadingOf(typed), perClass, onCorrupt }));
  if (data.found !== undefined) for (const text of describeFoundData(data.found, "texts")) print(text);
  const { train, test, classes } = data;
  const words = sparseTask(
    bagOfWords(train.examples, test.examples),
    { train: train.labels, test: test.labels },
    classes.length,
  );
  const examined: Examined<string> = {
    data,
    extractor: (contender) => loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained().encoder),
    rawFeatures: () => words,
  };
  return {
    task: describeTask("text", basename(path), data),
    subject: describeSubject(loaded, loaded.model.config, folder),
    labels: labelsOf(data),
    contenders: () => contendersOf(examined, { signal, onProgress: featuresTold("text", show) }),
    rawProtocol: (protocol) => sparseCounterpart(protocol, words.table),
  };
}

/** One row a document: the mean over its first tokens, as many as the model reads at once. */
export async function* embedText(
  folder: string,
  path: string,
  { column, typed = {}, signal, show, print }: EmbeddingOptions,
): AsyncGenerator<Embedded, void> {
  const documents = await openAll(path, { ...documentReadingOf(typed), column }, print);
  const { context, extractor } = await loadTextEncoder(folder);
  print(`of each document the first ${context} tokens are read`);
  const extract = extractor();
  const onProgress = (done: number) => show(`${grouped(done)} document${done === 1 ? "" : "s"}`);
  try {
    yield* embed(beginnings(documents), extract, { atOnce: 2048, signal, onProgress });
  } finally {
    extract.dispose();
  }
}

/** What follows in a document is beyond what is read. */
async function* beginnings(documents: Documents) {
  for await (const { id, text, continues } of documents) if (!continues) yield [id, text] as const;
}
