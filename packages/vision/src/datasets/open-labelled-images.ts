/**
 * Labelled images for protocols: a part to learn heads from, and a part to test them on, whole in memory.
 */
import {
  type CorruptSampleError,
  contentHash,
  corruptAllowance,
  type FoundData,
  firstPerClass,
  heldOutFifth,
  type LabelledData,
  type LabelledPart,
  type PartName,
  readSamples,
} from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions } from "./decode-image.js";
import type { ImageDataset } from "./image-dataset.js";
import type { Layout } from "./image-layout.js";
import { type ImageSurvey, surveyImages } from "./survey-images.js";

export interface LabelledImagesOptions extends DecodeOptions {
  /** The first so many of each class, of the training part; all unless told. */
  perClass?: number | undefined;
  /** How folders are taken where their names leave it open. */
  layout?: Layout | undefined;
  /** Images of a part that may be broken: a share below 1, or a count; the greater of 1 % and 10, at most half, unless told. */
  maxCorrupt?: number | undefined;
  /** Told what was understood of the data, before it is read. */
  onFound?: ((found: FoundData) => void) | undefined;
  /** Told of each broken image that is passed over. */
  onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Whatever `surveyImages` finds, in a train and a test part: the test part is the one of that name, else the validation part, else a fifth of each
 * class of the training part. `found` says which.
 */
export async function openLabelledImages(
  path: string,
  options: LabelledImagesOptions = {},
): Promise<LabelledData<Image>> {
  const { perClass, layout, maxCorrupt, onFound, onCorrupt, signal, ...decoding } = options;
  const survey = await surveyImages(path, { layout });
  const chosen = chooseParts(path, survey);
  const found = { ...survey.found, reading: [chosen.reading] };
  onFound?.(found);
  const { train, test } = await openParts(survey, chosen, decoding);
  const read = (part: Part) => readPart(part, { maxCorrupt, onCorrupt, signal });
  return {
    classes: survey.found.classes.slice(0, survey.learnableClasses),
    train: await read({ ...train, rows: firstPerClass(train.rows, (row) => train.dataset.label(row), perClass) }),
    test: await read(test),
    isTestHeldOut: chosen.test === undefined,
    found,
  };
}

interface Chosen {
  readonly train: PartName;
  /** Undefined: a fifth of the training part is held out. */
  readonly test: PartName | undefined;
  /** The same in words. */
  readonly reading: string;
}

function chooseParts(path: string, survey: ImageSurvey): Chosen {
  const { parts, labelled } = survey;
  const train = parts.find((part) => part === "train" || part === "all");
  if (train === undefined)
    throw new Error(`openLabelledImages: ${path} must have a part to learn from, got ${parts.join(", ")} alone.`);
  if (!labelled.includes(train) || survey.learnableClasses < 2) {
    throw new Error(
      `openLabelledImages: ${path} must have labels, and has none: ${survey.whyUnlabelled}. ` +
        `Put the images of each class in a folder of its own: ${path}/train/cats, ${path}/test/cats, …` +
        (parts.length > 1
          ? ` Or, where ${parts.join(", ")} are classes and no parts, choose { layout: "classes" }.`
          : ""),
    );
  }
  const test = (["test", "validation"] as const).find((part) => labelled.includes(part));
  if (test !== undefined) assertKnown(path, survey, { train, test });
  const unlabelledTest = parts.includes("test") && test !== "test" ? "; the test part has no labels" : "";
  const reading =
    test === undefined
      ? `a fifth of each class of ${train} is held out for testing${unlabelledTest}`
      : `learns from ${train}, tested on ${test}${unlabelledTest}`;
  return { train, test, reading };
}

/** A class that nothing was learned of cannot be answered; one that is not asked for is no harm. */
function assertKnown(
  path: string,
  { found, learnableClasses }: ImageSurvey,
  { train, test }: Record<"train" | "test", PartName>,
): void {
  const counts = found.parts.find(({ name }) => name === test)!.perClass;
  const strange = found.classes.filter((_, label) => label >= learnableClasses && (counts[label] ?? 0) > 0);
  if (strange.length === 0) return;
  const known = found.classes.slice(0, learnableClasses);
  const some = (names: readonly string[]) => `${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`;
  throw new Error(
    `openLabelledImages: every class of the ${test} part of ${path} must be in its ${train} part too, and ${some(strange)} ` +
      `${strange.length === 1 ? "is" : "are"} not: ${train} has ${some(known)}.`,
  );
}

interface Part {
  readonly dataset: ImageDataset;
  readonly rows: readonly number[];
}

async function openParts(
  survey: ImageSurvey,
  chosen: Chosen,
  decoding: DecodeOptions,
): Promise<Record<"train" | "test", Part>> {
  const whole = await survey.open({ ...decoding, part: chosen.train });
  const all = (dataset: ImageDataset): Part => ({ dataset, rows: Array.from(Array(dataset.length).keys()) });
  if (chosen.test !== undefined) {
    return { train: all(whole), test: all(await survey.open({ ...decoding, part: chosen.test })) };
  }
  const labels = Int32Array.from({ length: whole.length }, (_, row) => whole.label(row)!);
  const rows = heldOutFifth(labels, survey.learnableClasses);
  return { train: { dataset: whole, rows: rows.train }, test: { dataset: whole, rows: rows.test } };
}

type Reading = Pick<LabelledImagesOptions, "maxCorrupt" | "onCorrupt" | "signal">;

async function readPart(
  { dataset, rows }: Part,
  { maxCorrupt, onCorrupt, signal }: Reading,
): Promise<LabelledPart<Image>> {
  const images: Image[] = [];
  const corrupt: CorruptSampleError[] = [];
  const reading = { rows, onCorrupt: (error: CorruptSampleError) => corrupt.push(error), signal };
  for await (const image of readSamples(dataset, reading)) images.push(image);
  for (const error of corrupt) onCorrupt?.(error);
  const most = corruptAllowance({ examples: rows.length, maxCorrupt });
  if (corrupt.length > most) throw tooManyCorrupt(corrupt, { most, of: rows.length });
  const labels = Int32Array.from(images, ({ label }) => label!);
  return { examples: images, labels, hash: contentHash(contentOf(images)) };
}

function tooManyCorrupt(corrupt: readonly CorruptSampleError[], { most, of }: { most: number; of: number }): Error {
  const shown = corrupt.slice(0, 20).map(({ message }) => `  ${message}`);
  if (corrupt.length > shown.length) shown.push(`  and ${corrupt.length - shown.length} more`);
  return new Error(
    `openLabelledImages: at most ${most} of ${of} images may be broken, and ${corrupt.length} cannot be read:\n${shown.join("\n")}\n` +
      `Repair or remove them, or allow it by { maxCorrupt: ${corrupt.length} }.`,
  );
}

function* contentOf(images: readonly Image[]): Generator<string | Uint8Array> {
  for (const { id, label, pixels, height, width, channels } of images) {
    yield JSON.stringify([id, label, height, width, channels]);
    yield pixels;
  }
}
