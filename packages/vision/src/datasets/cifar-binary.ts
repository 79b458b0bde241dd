/**
 * The binary version of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * A record is one label byte (CIFAR-100: a coarse and a fine one), then 32×32 bytes of red, of green, of blue.
 */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fitImage } from "./decode-image.js";
import { assertWithin, type ImageDataset, type ImageOptions } from "./image-dataset.js";

const side = 32;
const area = side * side;
const maxBytes = 4 * 2 ** 30;

export type CifarOptions = Omit<ImageOptions, "split">;

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
  const batches: Batch[] = [];
  for (const path of typeof paths === "string" ? [paths] : paths) batches.push({ path, bytes: await readBatch(path) });
  const kind = kindOf(batches);
  const records = batches.flatMap((batch) => recordsOf(batch, kind));
  const label = (index: number) => records[index]!.bytes[kind.labelBytes - 1]!;
  const id = (index: number) => records[index]!.id;

  return {
    length: records.length,
    classes: await classNames(dirname(batches[0]!.path), kind),
    label,
    id,
    async get(index) {
      assertWithin("cifarBinary", index, records.length);
      const pixels = interleave(records[index]!.bytes.subarray(kind.labelBytes));
      return fitImage({ id: id(index), pixels, height: side, width: side, channels: 3, label: label(index) }, options);
    },
  };
}

async function readBatch(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > maxBytes) throw new Error(`cifarBinary: ${path} must have at most ${maxBytes} bytes, got ${size}.`);
  return readFile(path);
}

/** The kind whose records fill every batch and whose labels are all in range. */
function kindOf(batches: readonly Batch[]): Kind {
  const fitting = kinds.filter((kind) => batches.every((batch) => holds(batch, kind)));
  if (batches.length > 0 && fitting.length === 1) return fitting[0]!;
  const sizes =
    batches.map(({ path, bytes }) => `${basename(path)} with ${bytes.length} bytes`).join(", ") || "no file";
  throw new Error(
    `cifarBinary: batches must be records of ${recordBytes(kinds[0]!)} bytes with labels to 9 (CIFAR-10) or of ` +
      `${recordBytes(kinds[1]!)} bytes with labels to 99 (CIFAR-100), got ${sizes}.`,
  );
}

function holds(batch: Batch, kind: Kind): boolean {
  const { length } = batch.bytes;
  if (length === 0 || length % recordBytes(kind) !== 0) return false;
  return recordsOf(batch, kind).every(({ bytes }) => bytes[kind.labelBytes - 1]! < kind.classCount);
}

function recordsOf({ path, bytes }: Batch, kind: Kind): { id: string; bytes: Uint8Array }[] {
  const each = recordBytes(kind);
  return Array.from({ length: bytes.length / each }, (_, record) => ({
    id: `${basename(path)}/${record}`,
    bytes: bytes.subarray(record * each, (record + 1) * each),
  }));
}

function recordBytes({ labelBytes }: Kind): number {
  return labelBytes + 3 * area;
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

/** Three planes to pixels. */
function interleave(planes: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(3 * area);
  for (let place = 0; place < area; place++) {
    for (let channel = 0; channel < 3; channel++) pixels[3 * place + channel] = planes[channel * area + place]!;
  }
  return pixels;
}
