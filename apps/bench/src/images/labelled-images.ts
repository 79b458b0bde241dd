/**
 * The labelled images that an encoder is measured on: a part to learn heads from, and a part to test them on.
 */
import { createHash } from "node:crypto";
import { CorruptSampleError, createRandom, type FeatureTable, stratifiedFolds } from "@autodidact/core";
import { type DecodeOptions, type Image, type ImageDataset, openImages } from "@autodidact/vision";
import { UsageError } from "../usage-error.js";

export interface LabelledImages {
  readonly images: readonly Image[];
  readonly labels: Int32Array;
  /** Of ids, labels and pixels, in order. */
  readonly hash: string;
}

export interface Task {
  readonly classes: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** The data came without a test part: a fifth was set aside. */
  readonly isTestHeldOut: boolean;
}

export interface TaskOptions extends DecodeOptions {
  /** Of the training part, the first so many of each class. */
  perClass?: number | undefined;
  say(text: string): void;
  signal?: AbortSignal;
}

/** Above this share of unreadable images the data is not what it claims to be. */
const MAX_CORRUPT = 0.01;
const READ_AT_ONCE = 16;

export async function openTask(path: string, { perClass, say, signal, ...decoding }: TaskOptions): Promise<Task> {
  const { train, test, isTestHeldOut } = await openParts(path, decoding);
  const classes = train.dataset.classes;
  const read = (part: Part) => readPart(part, say, signal);
  return {
    classes,
    train: await read({ ...train, rows: firstPerClass(train, perClass) }),
    test: await read(test),
    isTestHeldOut,
  };
}

interface Part {
  readonly dataset: ImageDataset;
  readonly rows: readonly number[];
}

async function openParts(path: string, decoding: DecodeOptions) {
  const whole = await openImages(path, decoding).catch(() => undefined); // undefined: it comes in parts
  if (whole !== undefined) {
    requireClasses(path, whole);
    const labels = Int32Array.from({ length: whole.length }, (_, row) => whole.label(row)!);
    const [split] = stratifiedFolds({ labels, classes: whole.classes.length }, createRandom(0), { folds: 5, only: 1 });
    const { fit, validate } = split!;
    return { train: { dataset: whole, rows: fit }, test: { dataset: whole, rows: validate }, isTestHeldOut: true };
  }
  const [train, test] = [
    await openImages(path, { ...decoding, split: "train" }),
    await openImages(path, { ...decoding, split: "test" }),
  ];
  requireClasses(path, train);
  if (train.classes.join("\n") !== test.classes.join("\n")) {
    throw new UsageError(
      `${path}: both parts must have the same classes, got ${train.classes.join(", ")} in train and ${test.classes.join(", ")} in test.`,
    );
  }
  const all = (dataset: ImageDataset): Part => ({ dataset, rows: Array.from({ length: dataset.length }, (_, i) => i) });
  return { train: all(train), test: all(test), isTestHeldOut: false };
}

function requireClasses(path: string, { classes }: ImageDataset): void {
  if (classes.length >= 2) return;
  throw new UsageError(
    `${path}: evaluation needs labels, found none. Put the images of each class in a folder of its own: ${path}/train/cats, ${path}/test/cats, …`,
  );
}

function firstPerClass({ dataset, rows }: Part, perClass = Infinity): number[] {
  const taken = new Map<number, number>();
  return rows.filter((row) => {
    const label = dataset.label(row)!;
    taken.set(label, (taken.get(label) ?? 0) + 1);
    return taken.get(label)! <= perClass;
  });
}

async function readPart({ dataset, rows }: Part, say: (text: string) => void, signal?: AbortSignal) {
  const images: Image[] = [];
  const corrupt: CorruptSampleError[] = [];
  for (let start = 0; start < rows.length; start += READ_AT_ONCE) {
    signal?.throwIfAborted();
    const some = await Promise.all(
      rows.slice(start, start + READ_AT_ONCE).map((row) =>
        dataset.get(row).catch((error: unknown) => {
          if (error instanceof CorruptSampleError) return error;
          throw error;
        }),
      ),
    );
    for (const image of some) image instanceof CorruptSampleError ? corrupt.push(image) : images.push(image);
  }
  for (const { message } of corrupt.slice(0, 10)) say(`skipped: ${message}`);
  if (corrupt.length > MAX_CORRUPT * rows.length) {
    throw new Error(
      `${corrupt.length} of ${rows.length} images cannot be read, more than ${100 * MAX_CORRUPT} %. The first: ${corrupt[0]!.message}.`,
    );
  }
  return { images, labels: Int32Array.from(images, ({ label }) => label!), hash: hashOf(images) };
}

function hashOf(images: readonly Image[]): string {
  const hash = createHash("sha256");
  for (const { id, label, pixels, height, width, channels } of images) {
    hash.update(JSON.stringify([id, label, height, width, channels])).update(pixels);
  }
  return `sha256:${hash.digest("hex")}`;
}

/** Pixels from 0 to 1 as features; images wider than 32 are averaged down to at most 32. */
export function rawPixels(images: readonly Image[]): FeatureTable {
  const { height, width, channels } = images[0]!;
  const block = Math.ceil(Math.max(height, width) / 32);
  const [rows, columns] = [Math.floor(height / block), Math.floor(width / block)];
  const size = rows * columns * channels;
  const values = new Float32Array(images.length * size); // [N, rows × columns × channels]
  for (const [n, { pixels }] of images.entries()) {
    for (let y = 0; y < rows * block; y++) {
      for (let x = 0; x < columns * block; x++) {
        const into = n * size + (Math.floor(y / block) * columns + Math.floor(x / block)) * channels;
        const from = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) values[into + c]! += pixels[from + c]! / (255 * block ** 2);
      }
    }
  }
  return { values, count: images.length, size };
}
