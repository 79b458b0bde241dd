/**
 * The binary version of STL-10 (https://cs.stanford.edu/~acoates/stl10/): images of 96 × 96 pixels in three planes, each column by column;
 * labels from 1; 100,000 unlabelled images in a file of 2.8 GB, which is read image by image.
 */
import { open, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CorruptSampleError, type PartName, UsageError } from "@autodidact/core";
import { fitImage } from "./decode-image.js";
import type { ImagePart } from "./image-set.js";
import { interleavePlanes } from "./planes.js";

const side = 96;
const imageBytes = 3 * side * side;
const classCount = 10;

/** `train_X.bin`; `train_y.bin` beside it has the labels, but for `unlabeled_X.bin`. */
export async function stl10Part(name: PartName, path: string): Promise<ImagePart> {
  const { size } = await stat(path);
  if (size === 0 || size % imageBytes !== 0) {
    throw new UsageError(`stl10: ${path} must hold images of ${imageBytes} bytes, got ${size} bytes. Copy it again.`);
  }
  const length = size / imageBytes;
  const labels = name === "unlabelled" ? undefined : await labelsBeside(path, length);
  const classes = await classNames(dirname(path));
  const id = (index: number) => `${basename(path)}/${index}`;
  return {
    name,
    files: labels === undefined ? 1 : 2,
    length,
    id,
    className: (index) => labels && classes[labels[index]! - 1]!,
    source: () => path,
    header: async () => ({ height: side, width: side, channels: 3 }),
    async get(index, decoding) {
      const planes = await readAt(id(index), path, index * imageBytes);
      const pixels = interleavePlanes(planes, { columnsOf: side });
      return fitImage({ id: id(index), pixels, height: side, width: side, channels: 3 }, decoding);
    },
  };
}

async function labelsBeside(path: string, length: number): Promise<Uint8Array | undefined> {
  const file = path.replace(/_X\.bin$/, "_y.bin");
  const labels = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined; // unlabelled then, and said
    throw new UsageError(`stl10: ${file} cannot be read: ${error.message}.`, { cause: error });
  });
  if (labels === undefined) return undefined;
  if (labels.length !== length)
    throw new UsageError(`stl10: ${file} must hold a label for each of the ${length} images, got ${labels.length}.`);
  const strange = labels.find((label) => label < 1 || label > classCount);
  if (strange !== undefined)
    throw new UsageError(`stl10: ${file} must hold labels from 1 to ${classCount}, got ${strange}.`);
  return labels;
}

/** From `class_names.txt`; numbers from 1 where it is missing. */
async function classNames(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, "class_names.txt"), "utf8").catch(() => "");
  const names = text.split("\n").map((line) => line.trim());
  const found = names.filter((name) => name !== "");
  return found.length === classCount ? found : Array.from({ length: classCount }, (_, label) => String(label + 1));
}

async function readAt(id: string, path: string, offset: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(imageBytes), 0, imageBytes, offset);
    if (bytesRead < imageBytes) throw new CorruptSampleError(id, `the file ends after ${bytesRead} of its bytes`);
    return buffer;
  } finally {
    await file.close();
  }
}
