/**
 * Labelled images for protocols: a part to learn heads from, and a part to test them on, whole in memory.
 */
import {
  type CorruptSampleError,
  contentHash,
  firstPerClass,
  heldOutFifth,
  type LabelledData,
  type LabelledPart,
  readSamples,
} from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions } from "./decode-image.js";
import type { ImageDataset } from "./image-dataset.js";
import { openImages } from "./open-images.js";

export interface LabelledImagesOptions extends DecodeOptions {
  /** The first so many of each class, of the training part; all unless told. */
  perClass?: number | undefined;
  /** Share of a part's images that may be broken; 0.01 unless told. Above it the data is not what it claims to be. */
  maxCorruptFraction?: number;
  /** Told of each broken image that is passed over. */
  onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Whatever `openImages` opens, in a train and a test part; without parts a fifth of each class is held out for testing. */
export async function openLabelledImages(
  path: string,
  options: LabelledImagesOptions = {},
): Promise<LabelledData<Image>> {
  const { perClass, maxCorruptFraction = 0.01, onCorrupt, signal, ...decoding } = options;
  const { train, test, isTestHeldOut } = await openParts(path, decoding);
  const read = (part: Part) => readPart(part, { maxCorruptFraction, onCorrupt, signal });
  return {
    classes: train.dataset.classes,
    train: await read({ ...train, rows: firstPerClass(train.rows, (row) => train.dataset.label(row), perClass) }),
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
    assertClasses(path, whole);
    const labels = Int32Array.from({ length: whole.length }, (_, row) => whole.label(row)!);
    const rows = heldOutFifth(labels, whole.classes.length);
    const part = (some: readonly number[]): Part => ({ dataset: whole, rows: some });
    return { train: part(rows.train), test: part(rows.test), isTestHeldOut: true };
  }
  const [train, test] = [
    await openImages(path, { ...decoding, split: "train" }),
    await openImages(path, { ...decoding, split: "test" }),
  ];
  assertClasses(path, train);
  if (train.classes.join("\n") !== test.classes.join("\n")) {
    throw new Error(
      `openLabelledImages: both parts of ${path} must have the same classes, got ${train.classes.join(", ")} in train and ${test.classes.join(", ")} in test.`,
    );
  }
  const all = (dataset: ImageDataset): Part => ({ dataset, rows: [...Array(dataset.length).keys()] });
  return { train: all(train), test: all(test), isTestHeldOut: false };
}

function assertClasses(path: string, { classes }: ImageDataset): void {
  if (classes.length >= 2) return;
  throw new Error(
    `openLabelledImages: ${path} must have labels, and has none. Put the images of each class in a folder of its own: ${path}/train/cats, ${path}/test/cats, …`,
  );
}

interface Reading extends Pick<LabelledImagesOptions, "onCorrupt" | "signal"> {
  readonly maxCorruptFraction: number;
}

async function readPart(
  { dataset, rows }: Part,
  { maxCorruptFraction, onCorrupt, signal }: Reading,
): Promise<LabelledPart<Image>> {
  const images: Image[] = [];
  const corrupt: CorruptSampleError[] = [];
  const reading = { rows, onCorrupt: (error: CorruptSampleError) => corrupt.push(error), signal };
  for await (const image of readSamples(dataset, reading)) images.push(image);
  for (const error of corrupt) onCorrupt?.(error);
  if (corrupt.length > maxCorruptFraction * rows.length) {
    throw new Error(
      `openLabelledImages: at most ${100 * maxCorruptFraction} % of the images may be broken, and ${corrupt.length} of ${rows.length} cannot be read. ` +
        `The first: ${corrupt[0]!.message}. Repair or remove them, or raise maxCorruptFraction.`,
    );
  }
  const labels = Int32Array.from(images, ({ label }) => label!);
  return { examples: images, labels, hash: contentHash(contentOf(images)) };
}

function* contentOf(images: readonly Image[]): Generator<string | Uint8Array> {
  for (const { id, label, pixels, height, width, channels } of images) {
    yield JSON.stringify([id, label, height, width, channels]);
    yield pixels;
  }
}
