/**
 * The binary version of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * A record is one label byte (CIFAR-100: a coarse and a fine one), then 32×32 bytes of red, of green, of blue.
 */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { labelsOf, type PartName, UsageError } from "@autodidact/core";
import { type CifarPart, type CifarRecord, cifarPart, planesBytes } from "./cifar-part.js";
import type { DecodeOptions } from "./decode-image.js";
import type { ImageDataset } from "./image-dataset.js";
import { datasetOf } from "./image-set.js";

const maxBytes = 4 * 2 ** 30;

export type CifarOptions = DecodeOptions;

interface Kind {
  readonly labelBytes: 1 | 2;
  readonly classCount: 10 | 100;
  /** The file beside the batches, one class a line. */
  readonly namesFile: string;
}

const kinds: readonly Kind[] = [
  { labelBytes: 1, classCount: 10, namesFile: "batches.meta.txt" },
  { labelBytes: 2, classCount: 100, namesFile: "fine_label_names.txt" },
];

interface Batch {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The images of one or several batches, e.g. `data_batch_1.bin`; of CIFAR-100 with the fine labels. */
export async function cifarBinary(
  paths: string | readonly string[],
  options: CifarOptions = {},
): Promise<ImageDataset> {
  const { part, classes } = await cifarBinaryPart("all", typeof paths === "string" ? [paths] : paths);
  return datasetOf([part], labelsOf({ kind: "CIFAR", parts: [part], classes, passedOver: [] }), options);
}

export async function cifarBinaryPart(name: PartName, paths: readonly string[]): Promise<CifarPart> {
  const batches: Batch[] = [];
  for (const path of paths) batches.push({ path, bytes: await readBatch(path) });
  const kind = kindOf(batches);
  const records: CifarRecord[] = [];
  for (const { path, bytes } of batches) {
    for (const [number, record] of recordsOf(bytes, kind).entries()) {
      records.push({
        id: `${basename(path)}/${number}`,
        path,
        label: labelOf(record, kind),
        planes: record.subarray(kind.labelBytes),
      });
    }
  }
  const classes = await classNames(dirname(paths[0]!), kind);
  return { part: cifarPart(name, records, { classes, files: paths.length }), classes };
}

const labelOf = (record: Uint8Array, { labelBytes }: Kind) => record[labelBytes - 1]!;

async function readBatch(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > maxBytes) throw new UsageError(`cifarBinary: ${path} must have at most ${maxBytes} bytes, got ${size}.`);
  return readFile(path);
}

/** The kind whose records fill every batch and whose labels are all in range. */
function kindOf(batches: readonly Batch[]): Kind {
  const fitting = kinds.filter((kind) => batches.every((batch) => holds(batch, kind)));
  if (batches.length > 0 && fitting.length === 1) return fitting[0]!;
  const sizes =
    batches.map(({ path, bytes }) => `${basename(path)} with ${bytes.length} bytes`).join(", ") || "no file";
  throw new UsageError(
    `cifarBinary: batches must be records of ${recordBytes(kinds[0]!)} bytes with labels to 9 (CIFAR-10) or of ` +
      `${recordBytes(kinds[1]!)} bytes with labels to 99 (CIFAR-100), got ${sizes}.`,
  );
}

function holds({ bytes }: Batch, kind: Kind): boolean {
  if (bytes.length === 0 || bytes.length % recordBytes(kind) !== 0) return false;
  return recordsOf(bytes, kind).every((record) => labelOf(record, kind) < kind.classCount);
}

function recordsOf(bytes: Uint8Array, kind: Kind): Uint8Array[] {
  const each = recordBytes(kind);
  return Array.from({ length: bytes.length / each }, (_, record) => bytes.subarray(record * each, (record + 1) * each));
}

function recordBytes({ labelBytes }: Kind): number {
  return labelBytes + planesBytes;
}

/** Names from the file that comes with the set; numbers where it is missing. */
async function classNames(folder: string, { namesFile, classCount }: Kind): Promise<readonly string[]> {
  const text = await readFile(join(folder, namesFile), "utf8").catch(() => "");
  const names = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return names.length === classCount ? names : Array.from({ length: classCount }, (_, label) => String(label));
}
