/**
 * Texts before an encoder: as features, before labels, beside their neighbours, and before what labels taught.
 */
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { contentHash, describeFoundData, fineTunedIn, type Prediction, skipping, UsageError } from "@autodidact/core";
import {
  describeSubject,
  type Examination,
  type ExaminationOptions,
  encoderContenders,
  examine,
  sparseCounterpart,
  sparseTask,
} from "@autodidact/evaluate";
import {
  bagOfWords,
  embedDocuments,
  loadTextEncoder,
  nearestTexts,
  openDocuments,
  openLabelledTexts,
  predictTexts,
} from "@autodidact/text";
import { documentReadingOf, tableReadingOf } from "@autodidact/text/cards";
import type { Session } from "../engine-options.js";
import type { EmbeddingOptions, FoundNeighbours, Given, NeighboursOptions } from "../modality.js";
import { readingTold } from "../reading-told.js";

/** As fine-tuning does it, and as its records say. */
export const usualOfTexts = { epochs: 4, batchSize: 16, learningRate: "by width" } as const;

/** Whom a record of the folder's encoder is about. */
export async function textSubject(folder: string) {
  const loaded = await loadTextEncoder(folder);
  return describeSubject(loaded, loaded.model.config, folder);
}

export async function examineText(folder: string, path: string, options: ExaminationOptions): Promise<Examination> {
  const { perClass, cache, signal, show, print, typed = {} } = options;
  const loaded = await loadTextEncoder(folder);
  show("reading texts");
  const onCorrupt = skipping(print);
  const data = await openLabelledTexts(path, { ...tableReadingOf(typed), perClass, onCorrupt });
  if (data.found !== undefined) for (const text of describeFoundData(data.found, "texts")) print(text);
  const { train, test, classes } = data;
  const words = sparseTask(
    bagOfWords(train.examples, test.examples),
    { train: train.labels, test: test.labels },
    classes.length,
  );
  const { encoder, model, context, tokenizer } = loaded;
  const { encoderOf, madeOf, parameters } = encoderContenders({
    encoder,
    untrained: () => loaded.untrained().encoder,
    preparation: {
      model: model.config,
      context,
      tokenizer: contentHash([JSON.stringify(tokenizer.files["tokenizer.json"])]),
    },
  });
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") => loaded.extractor(encoderOf(contender)),
    madeOf,
    rawFeatures: () => words,
  };
  return examine<string>(examined, {
    modality: "text",
    name: basename(path),
    subject: describeSubject(loaded, model.config, folder),
    rawProtocol: (protocol) => sparseCounterpart(protocol, words.table),
    parameters,
    cache,
    signal,
    show,
  });
}

/** Each document by its first tokens, as many as the model reads at once. */
export async function* embedText(folder: string, path: string, options: EmbeddingOptions) {
  const { column, typed = {}, signal, print } = options;
  const { onCorrupt, onProgress } = readingTold("documents", options);
  const documents = await openDocuments(path, { ...documentReadingOf(typed), column, onCorrupt });
  const loaded = await loadTextEncoder(folder);
  print(`of each document the first ${loaded.context} tokens are read`);
  yield* embedDocuments(loaded, documents, { signal, onProgress: (done) => onProgress(done) });
}

export async function textNeighbours(
  folder: string,
  data: string,
  query: string,
  options: NeighboursOptions,
): Promise<FoundNeighbours> {
  const { count, column, typed = {}, signal } = options;
  const { onCorrupt, onProgress } = readingTold("documents", options);
  const asked = await readFile(query, "utf8").catch((cause: Error) => {
    throw new UsageError(`--query ${query} cannot be read: ${cause.message}. Name a file of text.`);
  });
  const documents = await openDocuments(data, { ...documentReadingOf(typed), column, onCorrupt });
  const itself = await realpath(query);
  const root = (await stat(data)).isDirectory() ? data : dirname(data);
  const isLeftOut = async (id: string) => (await realpath(join(root, id)).catch(() => undefined)) === itself;
  const telling = { signal, onProgress: (done: number) => onProgress(done) };
  return { found: await nearestTexts(folder, documents, asked, { count, isLeftOut, ...telling }) };
}

export async function* predictText(
  folder: string,
  { image, out, typed = {}, ...given }: Given,
  { line, signal }: Session,
): AsyncGenerator<Prediction, void> {
  if (image !== undefined) {
    throw new UsageError(`${folder} learned from text, of which --image cannot be asked. Give --text or --data.`);
  }
  if (out !== undefined) throw new UsageError("--out is a folder for masks of images, which texts have not.");
  const from = await fineTunedIn(folder);
  if (from !== folder) line.print(`model: ${from}`);
  const asked = { ...given, reading: documentReadingOf(typed) };
  yield* predictTexts(from, asked, { line, signal, onCorrupt: skipping(line.print) });
}
