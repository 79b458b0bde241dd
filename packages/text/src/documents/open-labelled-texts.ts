/**
 * Labelled texts for protocols and fine-tuning: a part to learn from, and a part to be tested on.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import {
  type CorruptSampleError,
  contentHash,
  firstPerClass,
  heldOutFifth,
  type LabelledData,
  type LabelledPart,
} from "@autodidact/core";
import { type LabelledText, openLabelledText } from "./labelled-text.js";

const EXTENSIONS = ["tsv", "csv", "jsonl", "ndjson"].flatMap((end) => [end, `${end}.gz`]);
const TEST_NAMES = ["test", "dev", "validation"];

export interface LabelledTextsOptions {
  /** The first so many of each class, of the training part; all unless told. */
  readonly perClass?: number | undefined;
  /** The file of the test part; beside the training part unless told. */
  readonly test?: string | undefined;
  /** Told of each broken row that is passed over. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
}

/**
 * One file, of which a fifth of each class is held out for testing unless `test` is named, or a folder with train.tsv and test.tsv (or dev,
 * validation; .csv, .jsonl).
 */
export async function openLabelledTexts(
  path: string,
  options: LabelledTextsOptions = {},
): Promise<LabelledData<string>> {
  const { perClass, test, onCorrupt } = options;
  const train = (await partIn(path, ["train"])) ?? (test === undefined ? undefined : path);
  if (train === undefined) {
    const whole = assertClasses(path, await openLabelledText(path, { onCorrupt }));
    const rows = heldOutFifth(whole.labels, whole.classes.length);
    return {
      classes: whole.classes,
      train: partOf(whole, rows.train, perClass),
      test: partOf(whole, rows.test),
      isTestHeldOut: true,
    };
  }
  const testPath = test ?? (await partIn(path, TEST_NAMES));
  if (testPath === undefined) {
    throw new Error(
      `openLabelledTexts: ${path} must hold a test part beside its train part, and has no test part. Put test.tsv (or dev.tsv) beside train.tsv.`,
    );
  }
  const learnFrom = assertClasses(train, await openLabelledText(train, { onCorrupt }));
  const { classes } = learnFrom;
  const asked = await openLabelledText(testPath, { onCorrupt, classes });
  return {
    classes,
    train: partOf(learnFrom, learnFrom.texts.keys(), perClass),
    test: partOf(asked, asked.texts.keys()),
    isTestHeldOut: false,
  };
}

/** The first file of one of the names. */
async function partIn(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const file of names.flatMap((name) => EXTENSIONS.map((end) => `${name}.${end}`))) {
    const path = join(folder, file);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
}

function assertClasses(path: string, data: LabelledText): LabelledText {
  if (data.classes.length >= 2) return data;
  throw new Error(
    `openLabelledTexts: ${path} needs at least two classes, found ${data.classes.join(", ") || "none"}. Give a column of labels.`,
  );
}

function partOf({ texts, labels }: LabelledText, rows: Iterable<number>, perClass?: number): LabelledPart<string> {
  const taken = firstPerClass(rows, (row) => labels[row], perClass);
  const examples = taken.map((row) => texts[row]!);
  const own = Int32Array.from(taken, (row) => labels[row]!);
  return { examples, labels: own, hash: contentHash([JSON.stringify([examples, [...own]])]) };
}
