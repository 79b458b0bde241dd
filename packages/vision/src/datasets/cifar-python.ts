/**
 * The Python version of CIFAR-10 and CIFAR-100: pickles of a dictionary with an array of bytes and a list of labels, read without running anything.
 */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type PartName, UsageError } from "@autodidact/core";
import { type CifarPart, type CifarRecord, cifarPart, planesBytes } from "./cifar-part.js";
import { NumpyArray, readPickle, textOf, type Unpickled } from "./pickle.js";

const MOST_BYTES = 2 ** 30;

/** Fields of labels, and the file and field of their names. */
const KINDS = [
  { labels: "labels", names: ["batches.meta", "label_names"], classCount: 10 },
  { labels: "fine_labels", names: ["meta", "fine_label_names"], classCount: 100 },
] as const;

/** `data_batch_1`, …; of CIFAR-100 with the fine labels. */
export async function cifarPythonPart(name: PartName, paths: readonly string[]): Promise<CifarPart> {
  const records: CifarRecord[] = [];
  let kind: (typeof KINDS)[number] | undefined;
  for (const path of paths) {
    const batch = await dictionaryOf(path);
    kind = KINDS.find(({ labels }) => batch.has(labels));
    const { data, labels } = contentOf(path, batch, kind ?? KINDS[0]);
    for (const [row, label] of labels.entries()) {
      const planes = data.bytes.subarray(row * planesBytes, (row + 1) * planesBytes);
      records.push({ id: `${basename(path)}/${row}`, path, label, planes });
    }
  }
  const classes = await classNames(dirname(paths[0]!), kind!);
  return { part: cifarPart(name, records, { classes, files: paths.length }), classes };
}

async function dictionaryOf(path: string): Promise<Map<string, Unpickled>> {
  const { size } = await stat(path);
  if (size > MOST_BYTES)
    throw new UsageError(`cifarPython: ${path} must have at most ${MOST_BYTES} bytes, got ${size}.`);
  const value = readPickle(await readFile(path), path);
  if (value instanceof Map) return value;
  throw new UsageError(`cifarPython: ${path} must hold a dictionary, as CIFAR's batches do.`);
}

function contentOf(
  path: string,
  batch: ReadonlyMap<string, Unpickled>,
  kind: (typeof KINDS)[number],
): { data: NumpyArray; labels: readonly number[] } {
  const [data, labels] = [batch.get("data"), batch.get(kind.labels)];
  if (data instanceof NumpyArray && data.shape.length === 2 && data.shape[1] === planesBytes && Array.isArray(labels)) {
    const areLabels = labels.every(
      (label) => Number.isInteger(label) && Number(label) >= 0 && Number(label) < kind.classCount,
    );
    if (areLabels && labels.length === data.shape[0]) return { data, labels: labels as number[] };
  }
  throw new UsageError(
    `cifarPython: ${path} must hold data, an array of rows of ${planesBytes} bytes, and as many labels of 0 to 9 or fine_labels of 0 to 99. ` +
      "Is it a batch of CIFAR-10 or CIFAR-100?",
  );
}

/** Names from the file that comes with the set; numbers where it is missing. */
async function classNames(folder: string, { names: [file, field], classCount }: (typeof KINDS)[number]) {
  const numbers = Array.from({ length: classCount }, (_, label) => String(label));
  const path = join(folder, file);
  if ((await stat(path).catch(() => undefined)) === undefined) return numbers;
  const names = (await dictionaryOf(path)).get(field);
  return Array.isArray(names) && names.length === classCount ? names.map(textOf) : numbers;
}
