/**
 * What is tested on, of a set that comes without a test part.
 */
import { rowsByClass } from "../features/feature-table.js";
import { createRandom } from "../random.js";
import { UsageError } from "../usage-error.js";
import { stratifiedFolds } from "./split.js";

/** A class of fewer examples has no whole fifth: one of them is held out all the same. */
const FIFTH = 5;

/**
 * A fifth of every class: the same rows each time, so that scores of different days can be compared. A class of two to four examples gives
 * one; a class of one is learned from alone, for what was never taught cannot be asked.
 */
export function heldOutFifth(labels: Int32Array, classes: number): { train: number[]; test: number[] } {
  const [split] = stratifiedFolds({ labels, classes }, createRandom(0), { folds: FIFTH, only: 1 });
  const test = new Set(split!.validate);
  const random = createRandom(1);
  for (const rows of rowsByClass(labels, classes)) {
    if (rows.length === 1) test.delete(rows[0]!);
    else if (rows.length > 1 && !rows.some((row) => test.has(row))) test.add(rows[random.integer(rows.length)]!);
  }
  const rows = Array.from(labels.keys());
  return { train: rows.filter((row) => !test.has(row)), test: rows.filter((row) => test.has(row)) };
}

/** A class by its name, and how many examples it has. */
export interface ClassSize {
  readonly name: string;
  readonly examples: number;
}

/**
 * What `heldOutFifth` holds out of classes that have no whole fifth, in words: "one example of dog". Throws, as `who`, where fewer than two
 * classes would be asked: of one, every answer is right.
 */
export function heldOutOfFew(who: string, classes: readonly ClassSize[]): string[] {
  if (classes.filter(({ examples }) => examples > 1).length < 2) {
    const sizes = some(classes.map(({ name, examples }) => `${name} ${examples}`));
    throw new UsageError(
      `${who}: two classes at least must have two examples, one to learn from and one to be held out for testing, got ${sizes}. ` +
        "Add examples, or give a test part beside them.",
    );
  }
  const few = classes.filter(({ examples }) => examples > 1 && examples < FIFTH);
  const single = classes.filter(({ examples }) => examples === 1);
  return [
    ...(few.length === 0 ? [] : [`one example of ${namesOf(few)}`]),
    ...(single.length === 0 ? [] : [`none of ${namesOf(single)}, of which one example is all: not measured`]),
  ];
}

const namesOf = (classes: readonly ClassSize[]) => some(classes.map(({ name }) => name));

/** The first of them. */
const some = (words: readonly string[]) => `${words.slice(0, 10).join(", ")}${words.length > 10 ? ", …" : ""}`;
