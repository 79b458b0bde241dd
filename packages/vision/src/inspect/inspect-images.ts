/**
 * A look at all images of a set, without training: each is decoded once, small; what is kept of it is a few hundred bytes.
 */
import { createHash } from "node:crypto";
import {
  CorruptSampleError,
  contentHash,
  type Dataset,
  type Duplicate,
  type FoundData,
  type Inspection,
  type PartName,
  readSamples,
} from "@autodidact/core";
import type { DecodeOptions, ImageHeader } from "../datasets/decode-image.js";
import { firstBands } from "../datasets/fit-shares.js";
import type { ImageDataset } from "../datasets/image-dataset.js";
import { imageSizes } from "../datasets/image-sizes.js";
import { type SurveyOptions, surveyImages } from "../datasets/survey-images.js";
import { type Image, memoryOf } from "../image.js";
import { contactSheet, sampleForSheet } from "./contact-sheet.js";
import { LOOK_BYTES, lookAt, THUMBNAIL } from "./image-look.js";
import { lookAlikes } from "./look-alikes.js";

export interface InspectImagesOptions extends SurveyOptions, Pick<DecodeOptions, "maxPixels" | "window" | "frame"> {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Every part of what `surveyImages` finds at the path. */
export async function inspectImages(path: string, options: InspectImagesOptions = {}): Promise<Inspection> {
  const { layout, maxPixels, window, frame, signal, onProgress } = options;
  const survey = await surveyImages(path, { layout });
  const reading = { part: survey.parts, maxPixels, window, frame };
  const channels = (await bandsIn(await survey.open(reading), signal)) ?? 3;
  const open = async (decoding: DecodeOptions) => asSeen(await survey.open({ ...reading, channels, ...decoding }));
  const images = await open({ size: THUMBNAIL });
  const partOf = partsByIndex(survey.found);
  const groups = sheetGroups(images, partOf);
  const seen = await seeAll(images, sampleForSheet(groups), { signal, onProgress });
  const measured = { ...reading, window: undefined, beforeWindow: true }; // a window makes different images alike
  const duplicates = await duplicatesOf(seen, await survey.open({ ...measured, channels }), signal);
  return {
    found: survey.found,
    broken: seen.broken,
    sizes: sizesOf(seen.headers),
    duplicates: told(duplicates, { images, partOf }),
    sheet: contactSheet(seen.shown),
  };
}

/** Channels of images that are neither gray nor colours; undefined of all others, and where none can be read. */
async function bandsIn(images: ImageDataset, signal: AbortSignal | undefined): Promise<number | undefined> {
  try {
    return (await imageSizes(images, { signal })).bands;
  } catch {
    signal?.throwIfAborted();
    return undefined; // all are broken: they are told one by one
  }
}

/** Of many bands the first three are shown, of two the first. */
function asSeen(images: ImageDataset): ImageDataset {
  return {
    ...images,
    async get(index) {
      const image = await images.get(index);
      return image.channels === 3 ? image : { ...image, ...firstBands(image) };
    },
  };
}

/** Images follow each other part after part. */
function partsByIndex({ parts }: FoundData): (index: number) => PartName {
  const ends: { name: PartName; end: number }[] = [];
  for (const { name, examples = 0 } of parts) ends.push({ name, end: (ends.at(-1)?.end ?? 0) + examples });
  return (index) => ends.find(({ end }) => index < end)!.name;
}

/** The rows of each class, or of each part where there are no classes. */
function sheetGroups(images: ImageDataset, partOf: (index: number) => PartName): number[][] {
  const groups = new Map<string | number, number[]>();
  for (let index = 0; index < images.length; index++) {
    const group = images.label(index) ?? partOf(index);
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [index]);
    else rows.push(index);
  }
  return [...groups]
    .sort(([a], [b]) => (typeof a === "number" && typeof b === "number" ? a - b : 0))
    .map(([, rows]) => rows);
}

/** What is kept of all images; of broken ones nothing. */
interface Seen {
  readonly broken: readonly CorruptSampleError[];
  /** By index. */
  readonly headers: ReadonlyMap<number, ImageHeader>;
  /** [N, LOOK_BYTES] */
  readonly looks: Uint8Array;
  /** Indices of images whose thumbnails and sizes are the same. */
  readonly same: ReadonlyMap<string, number[]>;
  /** The sample's thumbnails, by group. */
  readonly shown: readonly Pick<Image, "pixels">[][];
}

async function seeAll(
  images: ImageDataset,
  sample: readonly (readonly number[])[],
  { signal, onProgress }: Pick<InspectImagesOptions, "signal" | "onProgress">,
): Promise<Seen> {
  const wanted = new Map(sample.flatMap((rows, group) => rows.map((row) => [row, group] as const)));
  const shown = sample.map((): Pick<Image, "pixels">[] => []);
  const [headers, same] = [new Map<number, ImageHeader>(), new Map<string, number[]>()];
  const looks = new Uint8Array(images.length * LOOK_BYTES);
  const broken: CorruptSampleError[] = [];
  let done = 0;
  const progress = () => onProgress?.(++done, images.length);
  const onCorrupt = (error: CorruptSampleError) => {
    broken.push(error);
    progress();
  };
  for await (const { index, header, image } of readSamples(withHeaders(images), { onCorrupt, signal })) {
    const { pixels } = image;
    headers.set(index, header);
    lookAt(image, looks.subarray(index * LOOK_BYTES, (index + 1) * LOOK_BYTES));
    const key = `${header.height} ${header.width} ${createHash("sha256").update(pixels).digest("base64")}`;
    const others = same.get(key);
    if (others === undefined) same.set(key, [index]);
    else others.push(index);
    const group = wanted.get(index);
    if (group !== undefined) shown[group]!.push(image);
    progress();
  }
  return { broken, headers, looks, same, shown };
}

function withHeaders(images: ImageDataset): Dataset<{ index: number; header: ImageHeader; image: Image }> {
  return {
    length: images.length,
    async get(index) {
      const image = await images.get(index);
      const { height, width, channels } = (await images.header?.(index)) ?? image;
      return { index, header: { height, width, channels }, image };
    },
  };
}

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly isExact: boolean;
}

/** Of images that are the same one stands for all among those that look alike. */
async function duplicatesOf({ same, looks }: Seen, originals: ImageDataset, signal?: AbortSignal): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const indices of same.values())
    if (indices.length > 1) pairs.push(...(await comparedInFull(indices, originals, signal)));
  const standing = [...same.values()].map(([index]) => index!).sort((a, b) => a - b);
  const those = new Uint8Array(standing.length * LOOK_BYTES);
  for (const [place, index] of standing.entries())
    those.set(looks.subarray(index * LOOK_BYTES, (index + 1) * LOOK_BYTES), place * LOOK_BYTES);
  for (const [first, second] of await lookAlikes(those, signal)) {
    const [a, b] = [standing[first]!, standing[second]!];
    pairs.push({ first: Math.min(a, b), second: Math.max(a, b), isExact: false });
  }
  return pairs;
}

/** Thumbnails that are equal bit for bit need not be of equal images. */
async function comparedInFull(
  indices: readonly number[],
  originals: ImageDataset,
  signal?: AbortSignal,
): Promise<Pair[]> {
  const firsts = new Map<string, number>();
  const pairs: Pair[] = [];
  for (const second of indices) {
    signal?.throwIfAborted();
    const original = await readable(originals, second);
    if (original === undefined) continue;
    const { pixels, height, width } = original;
    const hash = contentHash([`${height} ${width}`, memoryOf(pixels)]);
    const equal = firsts.get(hash);
    const first = equal ?? firsts.values().next().value;
    if (first !== undefined) pairs.push({ first, second, isExact: equal !== undefined });
    if (equal === undefined) firsts.set(hash, second);
  }
  return pairs;
}

/** A file may be removed or changed meanwhile. */
async function readable(originals: ImageDataset, index: number): Promise<Image | undefined> {
  try {
    return await originals.get(index);
  } catch (error) {
    if (error instanceof CorruptSampleError) return undefined;
    throw error;
  }
}

interface Names {
  readonly images: ImageDataset;
  readonly partOf: (index: number) => PartName;
}

/** Those across parts first: they make a test score a lie. */
function told(pairs: readonly Pair[], { images, partOf }: Names): Duplicate[] {
  const named = (index: number) => ({ id: images.id(index), part: partOf(index) });
  const isWithin = ({ first, second }: Pair) => Number(partOf(first) === partOf(second));
  return pairs
    .toSorted((a, b) => isWithin(a) - isWithin(b) || a.first - b.first || a.second - b.second)
    .map(({ first, second, isExact }) => ({ first: named(first), second: named(second), isExact }));
}

/** The most frequent first. */
function sizesOf(headers: ReadonlyMap<number, ImageHeader>): { size: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { width, height, channels } of headers.values()) {
    const size = `${width} × ${height}, ${channels} channel${channels === 1 ? "" : "s"}`;
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].map(([size, count]) => ({ size, count })).sort((a, b) => b.count - a.count);
}
