/**
 * The labelled texts that an encoder is measured on: a part to learn heads from, and a part to test them on.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createRandom, stratifiedFolds } from "@autodidact/core";
import { type LabelledText, openLabelledText } from "@autodidact/text";
import { exists } from "../free-folder.js";
import { UsageError } from "../usage-error.js";

export interface TextPart {
  readonly texts: readonly string[];
  readonly labels: Int32Array;
  /** Of texts and labels, in order. */
  readonly hash: string;
}

export interface TextTask {
  readonly classes: readonly string[];
  readonly train: TextPart;
  readonly test: TextPart;
  /** The data came without a test part: a fifth was set aside. */
  readonly isTestHeldOut: boolean;
}

const EXTENSIONS = ["tsv", "csv", "jsonl", "ndjson"].flatMap((end) => [end, `${end}.gz`]);

export interface TextTaskOptions {
  /** Of the training part, the first so many of each class. */
  readonly perClass?: number | undefined;
  /** The file of the test part; beside the training part unless told. */
  readonly test?: string | undefined;
  print(text: string): void;
}

/** One file, or a folder with train.tsv and test.tsv (or .csv, .jsonl). */
export async function openTextTask(path: string, { perClass, test, print }: TextTaskOptions): Promise<TextTask> {
  const onCorrupt = ({ message }: Error) => print(`skipped: ${message}`);
  const train = (await partIn(path, "train")) ?? (test === undefined ? undefined : path);
  if (train === undefined) {
    const { texts, labels, classes } = assertClasses(path, await openLabelledText(path, { onCorrupt }));
    const [split] = stratifiedFolds({ labels, classes: classes.length }, createRandom(0), { folds: 5, only: 1 });
    const of = (rows: readonly number[]) => partOf({ texts, labels }, rows);
    return {
      ...{ classes, isTestHeldOut: true },
      train: of(firstPerClass(labels, split!.fit, perClass)),
      test: of(split!.validate),
    };
  }
  const testPath =
    test ?? (await partIn(path, "test")) ?? (await partIn(path, "dev")) ?? (await partIn(path, "validation"));
  if (testPath === undefined) {
    throw new UsageError(`${path} has a train part and no test part. Put test.tsv (or dev.tsv) beside train.tsv.`);
  }
  const learnFrom = assertClasses(train, await openLabelledText(train, { onCorrupt }));
  const { classes } = learnFrom;
  const askedOf = await openLabelledText(testPath, { onCorrupt, classes });
  const all = ({ texts }: LabelledText) => texts.map((_, row) => row);
  return {
    ...{ classes, isTestHeldOut: false },
    train: partOf(learnFrom, firstPerClass(learnFrom.labels, all(learnFrom), perClass)),
    test: partOf(askedOf, all(askedOf)),
  };
}

async function partIn(folder: string, name: string): Promise<string | undefined> {
  for (const end of EXTENSIONS) {
    const path = join(folder, `${name}.${end}`);
    if (await exists(path)) return path;
  }
}

function assertClasses(path: string, data: LabelledText): LabelledText {
  if (data.classes.length >= 2) return data;
  throw new UsageError(
    `${path}: evaluation needs at least two classes, found ${data.classes.join(", ") || "none"}. Give a column of labels.`,
  );
}

function firstPerClass(labels: Int32Array, rows: readonly number[], perClass = Infinity): number[] {
  const taken = new Map<number, number>();
  return rows.filter((row) => {
    const count = (taken.get(labels[row]!) ?? 0) + 1;
    taken.set(labels[row]!, count);
    return count <= perClass;
  });
}

function partOf({ texts, labels }: Pick<LabelledText, "texts" | "labels">, rows: readonly number[]): TextPart {
  const part = { texts: rows.map((row) => texts[row]!), labels: Int32Array.from(rows, (row) => labels[row]!) };
  const hash = createHash("sha256")
    .update(JSON.stringify([part.texts, [...part.labels]]))
    .digest("hex");
  return { ...part, hash: `sha256:${hash}` };
}
