/**
 * Texts as features of an encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, type Embedded, embed, grouped, skipping } from "@autodidact/core";
import { describeSubject, type Examination, examine, sparseCounterpart, sparseTask } from "@autodidact/evaluate";
import { bagOfWords, type Documents, loadTextEncoder, openLabelledTexts } from "@autodidact/text";
import type { ExaminationOptions } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { inFlags, toldInFlags } from "../option-words.js";
import { beginnings, openAll } from "./open-all.js";
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
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained().encoder),
    rawFeatures: () => words,
  };
  return examine<string>(examined, {
    modality: "text",
    name: basename(path),
    subject: describeSubject(loaded, loaded.model.config, folder),
    rawProtocol: (protocol) => sparseCounterpart(protocol, words.table),
    signal,
    show,
  });
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
    yield* embed(named(documents), extract, { atOnce: 2048, signal, onProgress });
  } finally {
    extract.dispose();
  }
}

async function* named(documents: Documents) {
  for await (const { id, text } of beginnings(documents)) yield [id, text] as const;
}
