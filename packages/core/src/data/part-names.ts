/**
 * How the field calls the parts of a set: `train`, `valid`, `test2017`, `seg_train`, `cifar10-test.tar`.
 */
import type { PartName } from "./found-data.js";

const WORDS: Readonly<Record<Exclude<PartName, "all">, readonly string[]>> = {
  train: ["train", "training"],
  validation: ["val", "valid", "validation", "dev", "development", "eval", "evaluation"],
  test: ["test", "testing", "t10k"],
  unlabelled: ["unlabeled", "unlabelled", "unsup", "unsupervised", "extra"],
};

const partOfWord = new Map(
  (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((part) => WORDS[part].map((word) => [word, part] as const)),
);

/** Words that say nothing of what an example holds. */
const NEUTRAL = new Set(
  "set images image imgs img data dataset files photos pictures pics jpg jpeg png audio audios sounds recordings clips wav wavs flac split folder unknown".split(
    " ",
  ),
);

/** Letters and digits apart: `train2017`; but for MNIST's `t10k`. */
const wordsOf = (name: string): string[] => name.toLowerCase().match(/t10k|\p{L}+|\d+/gu) ?? [];

/** `train`, `Validation`; nothing beside the word. */
export function partNamed(name: string): PartName | undefined {
  return partOfWord.get(name.toLowerCase());
}

/** A folder that only wraps: `images`, `data`, or a part's name once more. */
export function isWrapper(name: string): boolean {
  const words = wordsOf(name).filter((word) => !/^\d+$/.test(word));
  return words.length > 0 && words.every((word) => NEUTRAL.has(word) || partOfWord.has(word));
}

/** The part that one of the words names: `cifar10-train`, `t10k-images`, `imagenet-val-000012`. */
export function partInWords(name: string): PartName | undefined {
  return wordsOf(name)
    .map((word) => partOfWord.get(word))
    .find((part) => part !== undefined);
}

/**
 * Which of the folders beside each other are parts. A word with others beside it (`training_set`, `test1`, `seg_train`) names a part only where
 * another folder names another part in the same manner: `freight_train` beside `bus` is a class.
 */
export function partsAmong(names: Iterable<string>): Map<string, PartName> {
  const found = new Map<string, PartName>();
  const decorated = new Map<string, Map<string, PartName>>(); // by what stands beside the word
  for (const name of names) {
    const exact = partNamed(name);
    if (exact !== undefined) found.set(name, exact);
    const words = wordsOf(name);
    const [only, ...more] = words.filter((word) => partOfWord.has(word));
    if (only === undefined || more.length > 0) continue;
    const beside = words.filter((word) => word !== only && !NEUTRAL.has(word) && !/^\d+$/.test(word)).join(" ");
    const alike = decorated.get(beside) ?? new Map<string, PartName>();
    decorated.set(beside, alike.set(name, partOfWord.get(only)!));
  }
  for (const alike of decorated.values()) {
    if (new Set(alike.values()).size < 2) continue;
    for (const [name, part] of alike) found.set(name, part);
  }
  return found;
}
