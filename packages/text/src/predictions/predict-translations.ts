/**
 * Translations of new texts, by a model that was taught pairs.
 */
import { basename } from "node:path";
import { counted, decodeUtf8, grouped, linesOf, type Prediction, sourceFiles } from "@autodidact/core";
import type { FineTunedTranslator } from "../finetuning/load-fine-tuned.js";
import { type AskedTexts, askedTexts, type PredictTextsOptions } from "./asked-texts.js";

export async function* predictTranslations(
  { translate }: FineTunedTranslator,
  asked: AskedTexts,
  { line, signal, onCorrupt }: PredictTextsOptions,
): AsyncGenerator<Prediction, void> {
  const { data, reading = {} } = asked;
  const isOfLines = data !== undefined && /\.txt(\.gz)?$/i.test(data) && reading.documents === undefined;
  if (isOfLines) line.print(`${basename(data)}: each line is translated for itself`);
  const texts = isOfLines ? linesAsTexts(data, reading.encoding) : await askedTexts(asked, { onCorrupt });
  let [done, unread] = [0, 0];
  for await (const { id, text: source } of texts) {
    signal.throwIfAborted();
    const made = await translate(source, { signal });
    if (made.score === null) unread += 1;
    yield { kind: "translation", id, text: source, translation: made.text, score: made.score };
    done += 1;
    line.show(counted(done, "texts"));
  }
  if (unread > 0)
    line.print(`${grouped(unread)} of ${grouped(done)} texts are too long for the model: their translations are empty`);
}

/** Lines that hold something. */
async function* linesAsTexts(path: string, encoding: string | undefined) {
  const { files } = await sourceFiles("predict", path);
  for (const file of files) {
    for await (const { number, bytes } of linesOf(file, { encoding })) {
      const text = decodeUtf8(bytes ?? new Uint8Array()).trim();
      if (text !== "") yield { id: `${file.id}:${number}`, text };
    }
  }
}
