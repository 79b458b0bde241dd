/**
 * How often each word comes in texts that pass by once: the memory is that of the different words, not of the texts.
 */
import type { TrainerProgress } from "./trainer-progress.js";

export type Texts = AsyncIterable<string> | Iterable<string>;

export interface CountWordsOptions {
  onProgress?: ((progress: TrainerProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** `cut` gives the words of one text. */
export async function countWords(
  texts: Texts,
  cut: (text: string) => Iterable<string>,
  options: CountWordsOptions = {},
): Promise<Map<string, number>> {
  const { onProgress, signal } = options;
  const counts = new Map<string, number>();
  let characters = 0;
  let reported = 0;
  for await (const text of texts) {
    signal?.throwIfAborted();
    for (const word of cut(text.toWellFormed())) {
      const count = counts.get(word);
      counts.set(count === undefined ? copied(word) : word, (count ?? 0) + 1);
    }
    characters += text.length;
    if (characters - reported >= REPORT_EVERY) {
      reported = characters;
      onProgress?.({ stage: "counting", characters, words: counts.size });
    }
  }
  onProgress?.({ stage: "counting", characters, words: counts.size });
  return counts;
}

const REPORT_EVERY = 1_000_000;

/** V8 keeps the whole text alive for a piece of 13 characters or more cut out of it. */
export function copied(word: string): string {
  return word.length < 13 ? word : Buffer.from(word, "utf16le").toString("utf16le");
}
