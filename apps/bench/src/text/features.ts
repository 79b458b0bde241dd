/**
 * Texts as features of an encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { contentHash, describeFoundData, grouped, skipping } from "@autodidact/core";
import {
  describeSubject,
  type Examination,
  encoderContenders,
  examine,
  sparseCounterpart,
  sparseTask,
} from "@autodidact/evaluate";
import { bagOfWords, embedDocuments, loadTextEncoder, openLabelledTexts } from "@autodidact/text";
import { documentReadingOf, tableReadingOf } from "@autodidact/text/cards";
import type { ExaminationOptions } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { inFlags, toldInFlags } from "../option-words.js";
import { openAll } from "./open-all.js";

export async function examineText(folder: string, path: string, options: ExaminationOptions): Promise<Examination> {
  const { perClass, cache, signal, show, print, typed = {} } = options;
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
