/**
 * Images with masks of classes: a part to learn from, and a part to be measured on, whole in memory.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CorruptSampleError,
  counted,
  decodeIndexPng,
  type FoundData,
  type IndexPicture,
  type PartName,
  UsageError,
} from "@autodidact/core";
import type { DecodeOptions } from "../datasets/decode-image.js";
import {
  type DenseData,
  type DenseReading,
  denseRows,
  partHash,
  partOf,
  readExamples,
} from "../datasets/dense-parts.js";
import { readImageFile } from "../datasets/image-file.js";
import { walkImages } from "../datasets/walk-images.js";
import { decodingOf, readWholeImage, type WholeImage } from "../datasets/whole-image.js";
import { memoryOf } from "../image.js";
import { type MaskPair, maskPairs } from "./mask-pairs.js";
import { IGNORED, type MaskClasses, type MaskValues, maskClasses } from "./mask-values.js";

export interface MaskedImage extends WholeImage {
  /** A label for each pixel of the square, row by row; 255 where none counts. */
  readonly mask: Uint8Array;
}

export interface SegmentationData extends DenseData<MaskedImage> {
  /** The number in a mask that stands for each label. */
  readonly values: readonly number[];
}

export interface SegmentationOptions extends DenseReading, Omit<DecodeOptions, "size" | "squash"> {
  /** Side of the square that images and masks are squashed to. */
  readonly size: number;
  /** The folder that masks lie in, where several could be it. */
  readonly masks?: string | undefined;
  /**
   * `indices`: a mask's number is a class, 255 does not count; `foreground`: all above 0 is one class. Indices unless told, but masks of 0 and
   * 255 alone are refused without it.
   */
  readonly maskValues?: MaskValues | undefined;
  /** Told what was understood of the data. */
  readonly onFound?: ((found: FoundData) => void) | undefined;
}

const WHO = "openSegmentation";

/** Names of classes come from a file classes.txt, a line each from 0 on, where there is one. */
export async function openSegmentation(path: string, options: SegmentationOptions): Promise<SegmentationData> {
  const { images } = await walkImages(path);
  const { pairs, kind, passedOver } = maskPairs(images, { who: WHO, root: path, masks: options.masks });
  if (pairs.length === 0) {
    throw new UsageError(
      `${WHO}: ${path} must hold images with masks, and ${counted(images.length, "images")} ${images.length === 1 ? "has" : "have"} none. Put masks as PNGs of the same names in ${path}/masks beside ${path}/images, or beside each image: 1.jpg, 1_mask.png.`,
    );
  }
  const parts = pairs.map(({ image }) => partOf(image));
  const rows = denseRows(parts, { who: WHO, path });
  const dataset = {
    length: pairs.length,
    id: (row: number) => pairs[row]!.image,
    get: (row: number) => readPair(path, pairs[row]!, options),
  };
  const [train, test] = [
    await readExamples(dataset, rows.train, { ...options, who: WHO }),
    await readExamples(dataset, rows.test, { ...options, who: WHO }),
  ];
  const numbers = train.flatMap(({ counts }) => [...counts.keys()]);
  const known = maskClasses(numbers, {
    who: WHO,
    path,
    maskValues: options.maskValues,
    names: await namesBeside(path),
  });
  const labelled = { train: withLabels(train, known), test: withLabels(test, known) };
  const found = {
    kind,
    parts: [
      describePart(parts[rows.train[0]!]!, train, known),
      describePart(rows.isTestHeldOut ? "test" : parts[rows.test[0]!]!, test, known),
    ],
    classes: known.classes,
    reading: [rows.reading],
    passedOver,
    remarks: [`pixels to learn from: ${describeShares(train, known)}`],
  };
  options.onFound?.(found);
  const { isTestHeldOut } = rows;
  return { ...known, isTestHeldOut, found, train: part(labelled.train), test: part(labelled.test) };
}

/** An image and its mask as they were read; `counts` are the pixels of each number in the file. */
interface ReadPair extends WholeImage {
  readonly numbers: Uint8Array;
  readonly counts: ReadonlyMap<number, number>;
  readonly maskPath: string;
}

async function readPair(root: string, { image: id, mask }: MaskPair, options: SegmentationOptions): Promise<ReadPair> {
  const { size, maxPixels, maskValues } = options;
  const image = await readWholeImage(root, id, decodingOf(options));
  const bytes = await readImageFile(mask, join(root, mask));
  const picture = decodedMask(mask, bytes, maxPixels);
  const { height, width } = image.original;
  if (picture.height !== height || picture.width !== width) {
    throw new CorruptSampleError(
      mask,
      `a mask of ${picture.width} × ${picture.height} pixels, where ${id} has ${width} × ${height}`,
    );
  }
  const values = maskValues === "foreground" ? picture.values.map((value) => (value > 0 ? 1 : 0)) : picture.values;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { ...image, numbers: nearest({ ...picture, values }, size), counts, maskPath: mask };
}

function decodedMask(id: string, bytes: Uint8Array, maxPixels: number | undefined): IndexPicture {
  try {
    return decodeIndexPng(bytes, { maxPixels });
  } catch (error) {
    throw new CorruptSampleError(id, (error as Error).message, { cause: error });
  }
}

/** Each pixel of the square takes the mask's number at its centre: classes cannot be mixed. */
function nearest({ values, height, width }: IndexPicture, size: number): Uint8Array {
  const place = (to: number, from: number) => Math.min(Math.floor(((to + 0.5) * from) / size), from - 1);
  return Uint8Array.from({ length: size * size }, (_, at) => {
    return values[place(Math.floor(at / size), height) * width + place(at % size, width)]!;
  });
}

function withLabels(pairs: readonly ReadPair[], { values, classes }: MaskClasses): MaskedImage[] {
  const labelOf = new Uint8Array(256).fill(IGNORED);
  for (const [label, value] of values.entries()) labelOf[value] = label;
  return pairs.map(({ numbers, counts, maskPath, ...image }) => {
    const strange = [...counts.keys()].find((value) => value !== IGNORED && !values.includes(value));
    if (strange !== undefined) {
      throw new UsageError(
        `${WHO}: every class of the test masks must be in a training mask too, and ${strange} of ${maskPath} is not: there are ${classes.join(", ")}.`,
      );
    }
    return { ...image, mask: numbers.map((value) => labelOf[value]!) };
  });
}

const part = (examples: readonly MaskedImage[]) => ({
  examples,
  hash: partHash(examples, ({ id, pixels, mask }) => [id, memoryOf(pixels), mask]),
});

/** Images that hold each class. */
function describePart(name: PartName, pairs: readonly ReadPair[], { values }: MaskClasses) {
  const perClass = values.map((value) => pairs.filter(({ counts }) => counts.has(value)).length);
  return { name, files: 2 * pairs.length, examples: pairs.length, perClass };
}

function describeShares(pairs: readonly ReadPair[], { values, classes }: MaskClasses): string {
  const total = (value: number) => pairs.reduce((sum, { counts }) => sum + (counts.get(value) ?? 0), 0);
  const all = [...values, IGNORED].map(total);
  const pixels = all.reduce((sum, own) => sum + own, 0);
  const named = [...classes, "none"].map((name, label) => `${name} ${((100 * all[label]!) / pixels).toFixed(1)} %`);
  return named.slice(0, all.at(-1)! > 0 ? undefined : -1).join(", ");
}

async function namesBeside(path: string): Promise<string[] | undefined> {
  const text = await readFile(join(path, "classes.txt"), "utf8").catch(() => undefined);
  return text?.split(/\r?\n/).filter((line) => line !== "");
}
