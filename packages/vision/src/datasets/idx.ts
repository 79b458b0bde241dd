/**
 * IDX files: MNIST, Fashion-MNIST, EMNIST, KMNIST; plain or gzip.
 *
 * The format is at the end of http://yann.lecun.com/exdb/mnist/: two zero bytes, a type, the number of axes, each axis' length as
 * 4 bytes (big-endian), then the values.
 */
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { byNumber, labelsOf, type PartName, UsageError } from "@autodidact/core";
import { type DecodeOptions, fitImage } from "./decode-image.js";
import type { ImageDataset } from "./image-dataset.js";
import { datasetOf, type ImagePart } from "./image-set.js";

const unsignedByte = 8;
const maxBytes = 4 * 2 ** 30;

export interface IdxOptions extends DecodeOptions {
  /** The file of labels; without it the images are unlabelled. */
  labels?: string;
}

/** The gray images of one file, e.g. `train-images-idx3-ubyte.gz`; the classes are those labels that it has. */
export async function idx(path: string, options: IdxOptions = {}): Promise<ImageDataset> {
  const { labels, ...form } = options;
  const part = await idxPart("all", path, labels);
  return datasetOf(
    [part],
    labelsOf({ kind: "IDX", parts: [part], areLabelsTold: true, compare: byNumber, passedOver: [] }),
    form,
  );
}

/** Labels are read at once, images when they are loaded. */
export async function idxPart(name: PartName, path: string, labelsPath?: string): Promise<ImagePart> {
  const { axes } = await readIdx(path, 3, { isHeaderOnly: true });
  const [length, height, width] = axes as [number, number, number];
  const labels = labelsPath === undefined ? undefined : await readIdx(labelsPath, 1);
  if (labels !== undefined && labels.axes[0] !== length) {
    throw new UsageError(
      `idx: ${labelsPath} must hold a label for each of the ${length} images of ${path}, got ${labels.axes[0]}.`,
    );
  }
  let values: Uint8Array | undefined;
  const id = (index: number) => `${basename(path)}/${index}`;
  return {
    name,
    files: labelsPath === undefined ? 1 : 2,
    length,
    id,
    className: (index) => (labels === undefined ? undefined : String(labels.values[index])),
    source: () => path,
    async load() {
      values ??= (await readIdx(path, 3)).values;
    },
    header: async () => ({ height, width, channels: 1 }),
    async get(index, decoding) {
      const pixels = values!.subarray(index * height * width, (index + 1) * height * width);
      return fitImage({ id: id(index), pixels, height, width, channels: 1 }, decoding);
    },
  };
}

async function readIdx(
  path: string,
  axisCount: 1 | 3,
  { isHeaderOnly = false } = {},
): Promise<{ axes: number[]; values: Uint8Array }> {
  const chunks: Uint8Array[] = [];
  let header: { axes: number[]; bytes: number } | undefined;
  let total = 0;
  for await (const chunk of contentOf(path)) {
    chunks.push(chunk);
    total += chunk.length;
    if (header === undefined && total >= 4 + 4 * axisCount) header = readHeader(path, Buffer.concat(chunks), axisCount);
    if (header !== undefined && isHeaderOnly) return { axes: header.axes, values: new Uint8Array() };
    if (header !== undefined && total > header.bytes) break; // however much a gzip file would still unfold to
  }
  if (header === undefined)
    throw new UsageError(`idx: ${path} must begin with ${4 + 4 * axisCount} bytes of header, got ${total} bytes.`);
  if (total !== header.bytes) {
    const got = total > header.bytes ? "more" : total;
    throw new UsageError(
      `idx: ${path} promises ${header.bytes} bytes (axes ${header.axes.join("×")}), got ${got}. Copy it again.`,
    );
  }
  return { axes: header.axes, values: new Uint8Array(Buffer.concat(chunks)).subarray(4 + 4 * axisCount) };
}

async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const content = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => content.destroy(error));
  try {
    yield* content;
  } catch (error) {
    throw new UsageError(`idx: ${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  } finally {
    file.destroy();
  }
}

function readHeader(path: string, bytes: Buffer, axisCount: number): { axes: number[]; bytes: number } {
  if (bytes.readUInt16BE(0) !== 0 || bytes[2] !== unsignedByte || bytes[3] !== axisCount) {
    const magic = `0000080${axisCount}`;
    throw new UsageError(
      `idx: ${path} must begin with ${magic} (bytes, ${axisCount} axes), got ${bytes.toString("hex", 0, 4)}.`,
    );
  }
  const axes = Array.from({ length: axisCount }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const total = axes.reduce((product, length) => product * length, 1) + 4 + 4 * axisCount;
  if (axes.includes(0) || total > maxBytes) {
    throw new UsageError(
      `idx: ${path} must have axes above 0 and at most ${maxBytes} bytes, got axes ${axes.join("×")}.`,
    );
  }
  return { axes, bytes: total };
}
