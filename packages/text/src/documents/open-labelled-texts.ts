/**
 * Labelled texts for protocols and fine-tuning: a part to learn from, and a part to be tested on.
 */
import {
  contentHash,
  type FoundPart,
  firstPerClass,
  heldOutFifth,
  heldOutOfFew,
  type LabelledData,
  type LabelledPart,
  UsageError,
} from "@autodidact/core";
import { type LabelledSetOptions, readLabelledSet } from "./labelled-set.js";
import type { LabelledText } from "./labelled-text.js";

export interface LabelledTextsOptions extends LabelledSetOptions {
  /** The first so many of each class, of the training part; all unless told. */
  readonly perClass?: number | undefined;
}

/**
 * One table, of which a fifth of each class is held out for testing unless `test` is named, or a folder with train.tsv and test.tsv (or dev,
 * validation; .csv, .jsonl, .parquet). A test part without labels, as GLUE's, is passed over and said in `found`.
 */
export async function openLabelledTexts(
  path: string,
  options: LabelledTextsOptions = {},
): Promise<LabelledData<string>> {
  const { perClass, ...reading } = options;
  const { train: whole, test: asked, found } = await readLabelledSet(path, reading);
  const { classes } = assertClasses(path, whole);
  const rows = asked === undefined ? heldOutFifth(whole.labels, classes.length) : undefined;
  const train = partOf(whole, rows?.train ?? whole.texts.keys(), perClass);
  const test = partOf(asked ?? whole, rows?.test ?? asked!.texts.keys());
  const kind = asked === undefined ? [found.kind, heldOut(whole)].join(", ") : found.kind;
  const counted = (part: LabelledPart<string>, name: FoundPart["name"], files: number): FoundPart => ({
    name,
    files,
    examples: part.examples.length,
    perClass: countsOf(part.labels, classes.length),
  });
  const parts = [
    counted(train, "train", whole.files.length),
    counted(test, asked?.name ?? "test", (asked ?? whole).files.length),
  ];
  return { classes, train, test, isTestHeldOut: asked === undefined, found: { ...found, kind, parts } };
}

function heldOut({ labels, classes }: LabelledText): string {
  const counts = countsOf(labels, classes.length);
  const sizes = classes.map((name, label) => ({ name, examples: counts[label]! }));
  const ofFew = heldOutOfFew("openLabelledTexts", sizes);
  return ["a fifth of each class held out to be tested on", ...ofFew].join("; ");
}

function assertClasses<Data extends LabelledText>(path: string, data: Data): Data {
  if (data.classes.length >= 2) return data;
  throw new UsageError(
    `openLabelledTexts: ${path} needs at least two classes, found ${data.classes.join(", ") || "none"}. Give a column of labels.`,
  );
}

function countsOf(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

function partOf({ texts, labels }: LabelledText, rows: Iterable<number>, perClass?: number): LabelledPart<string> {
  const taken = firstPerClass(rows, (row) => labels[row], perClass);
  const examples = taken.map((row) => texts[row]!);
  const own = Int32Array.from(taken, (row) => labels[row]!);
  return { examples, labels: own, hash: contentHash([JSON.stringify([examples, [...own]])]) };
}
