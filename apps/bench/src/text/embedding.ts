/**
 * Features of documents by a text encoder: the mean over a document's tokens, as many as the model reads at once.
 */
import type { Embedded, EmbeddingOptions } from "../modality.js";
import { grouped } from "../progress.js";
import { openAll } from "./prepared-text.js";
import { textFeatures } from "./text-features.js";
import { openTrainedText } from "./trained-text.js";

const AT_ONCE = 2048;

export async function* embedText(
  folder: string,
  data: string,
  { column, signal, show, print }: EmbeddingOptions,
): AsyncGenerator<Embedded, void> {
  const documents = await openAll(data, column, print);
  const { model, tokenizer, context } = await openTrainedText(folder);
  print(`of each document the first ${context} tokens are read`);
  const extract = textFeatures(model.encoder, { tokenizer, context });
  let done = 0;
  const featuresOf = async (some: readonly { id: string; text: string }[]): Promise<Embedded> => {
    const onProgress = (count: number) => show(`${grouped(done + count)} documents`);
    const features = await extract(
      some.map(({ text }) => text),
      { signal, onProgress },
    );
    done += some.length;
    return { ids: some.map(({ id }) => id), features };
  };
  let waiting: { id: string; text: string }[] = [];
  try {
    for await (const { id, text, continues } of documents) {
      signal.throwIfAborted();
      if (continues) continue; // beyond what is read
      waiting.push({ id, text });
      if (waiting.length < AT_ONCE) continue;
      yield await featuresOf(waiting);
      waiting = [];
    }
    if (waiting.length > 0) yield await featuresOf(waiting);
  } finally {
    extract.dispose();
  }
}
