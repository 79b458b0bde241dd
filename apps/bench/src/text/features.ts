/**
 * Texts as features of an encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, grouped, skipping } from "@autodidact/core";
import { describeSubject, type Examination, examine, sparseCounterpart, sparseTask } from "@autodidact/evaluate";
import { bagOfWords, embedDocuments, loadTextEncoder, openLabelledTexts } from "@autodidact/text";
import { documentReadingOf, tableReadingOf } from "@autodidact/text/cards";
import type { ExaminationOptions } from "../evaluation.js";
import type { MeasuredEncoder } from "../foreign/measured-encoder.js";
import type { EmbeddingOptions } from "../modality.js";
import { inFlags, toldInFlags } from "../option-words.js";
import { foreignTexts } from "./foreign.js";
import { openAll } from "./open-all.js";

export async function examineText(folder: string, path: string, options: ExaminationOptions): Promise<Examination> {
  const { foreign, perClass, signal, show, print, typed = {} } = options;
  const own = foreign === undefined ? await ownTexts(folder) : await foreignTexts(foreign);
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
    extractor: own.extractor,
    noRandomInit: own.noRandomInit,
    rawFeatures: () => words,
  };
  return examine<string>(examined, {
    modality: "text",
    name: basename(path),
    subject: own.subject,
    rawProtocol: (protocol) => sparseCounterpart(protocol, words.table),
    signal,
    show,
  });
}

/** A run, or Hugging Face's folder of a model that is known here. */
async function ownTexts(folder: string): Promise<MeasuredEncoder<string, object>> {
  const loaded = await loadTextEncoder(folder);
  return {
    decoding: {},
    subject: describeSubject(loaded, loaded.model.config, folder),
    extractor: (contender) => loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained().encoder),
  };
}

/** Each document by its first tokens, as many as the model reads at once. */
export async function* embedText(
  folder: string,
  path: string,
  { column, typed = {}, signal, show, print }: EmbeddingOptions,
) {
  const documents = await openAll(path, { ...documentReadingOf(typed), column }, print);
  const loaded = await loadTextEncoder(folder);
  print(`of each document the first ${loaded.context} tokens are read`);
  const onProgress = (done: number) => show(`${grouped(done)} document${done === 1 ? "" : "s"}`);
  yield* embedDocuments(loaded, documents, { signal, onProgress });
}
