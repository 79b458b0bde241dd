/**
 * What sizes the images of a set have, and whether they are gray: told by the headers of a sample that is spread over all of it.
 */
import { CorruptSampleError, counted, UsageError } from "@autodidact/core";
import type { ImageHeader } from "./decode-image.js";
import type { ImageDataset } from "./image-dataset.js";

export interface ImageSizes {
  /** Headers that could be read. */
  readonly sampled: number;
  /** The most frequent first, of equally frequent ones the smaller. In pixels. */
  readonly sizes: readonly { readonly height: number; readonly width: number; readonly count: number }[];
  /** By the shorter side. */
  readonly smallest: Extent;
  readonly largest: Extent;
  /** Half of the images have a shorter side of this or more: what one odd image cannot move. */
  readonly typicalSide: number;
  /** Images of one channel; the others have colours. */
  readonly gray: number;
  /** Channels where all of the sample have as many, and these are neither gray nor colours; else undefined. */
  readonly bands: number | undefined;
  /** How values become shares from 0 to 1, in words, of images that are not bytes: the most frequent first. */
  readonly readings: readonly { readonly reading: string; readonly count: number }[];
  /** The value that becomes 1 in all of the sample, beside 0; null where no one number says it; undefined of bytes. */
  readonly white: number | null | undefined;
  /** Of the sample, those that are broken: not among `sampled`. */
  readonly broken: readonly CorruptSampleError[];
}

type Extent = Pick<ImageHeader, "height" | "width">;

export interface ImageSizesOptions {
  /** At most so many headers are read; 256 unless told. */
  sample?: number;
  signal?: AbortSignal | undefined;
}

/** Broken images are left out; throws where none of the sample can be read. */
export async function imageSizes(dataset: ImageDataset, options: ImageSizesOptions = {}): Promise<ImageSizes> {
  const { sample = 256, signal } = options;
  const headers: ImageHeader[] = [];
  const broken: CorruptSampleError[] = [];
  for (const index of spread(dataset.length, sample)) {
    signal?.throwIfAborted();
    try {
      headers.push(await headerOf(dataset, index));
    } catch (error) {
      if (!(error instanceof CorruptSampleError)) throw error;
      broken.push(error);
    }
  }
  if (headers.length > 0) return { ...summary(headers), broken };
  throw new UsageError(
    `imageSizes: at least one of ${counted(Math.min(sample, dataset.length), "images")}, spread over all ${dataset.length}, must be readable, and none is. The last: ${broken.at(-1)?.message}.`,
  );
}

/**
 * A few lines for people; with the side that images shall have, how many are enlarged to it.
 *
 *     sizes of 256 images: most 32 × 32 (255), smallest 1 × 1, largest 32 × 32
 *     1 of 256 images is smaller than 32 × 32 and is enlarged
 */
export function describeImageSizes(told: ImageSizes, size = 0): string[] {
  const { sampled, sizes, smallest, largest, gray, bands, readings, broken } = told;
  const [most] = sizes;
  const images = counted(sampled, "images");
  const of = ({ width, height }: Extent) => `${width} × ${height}`;
  const mixed = `most ${of(most!)} (${most!.count}), smallest ${of(smallest)}, largest ${of(largest)}`;
  const lines = [`sizes of ${images}: ${sizes.length === 1 ? `all ${of(most!)}` : mixed}`];
  if (gray > 0 && gray < sampled) {
    const [are, they] = gray === 1 ? ["is", "it gets"] : ["are", "they get"];
    lines.push(`${gray} of ${images} ${are} gray: ${they} three equal channels`);
  }
  const enlarged = sizes.reduce((sum, each) => sum + (shorter(each) < size ? each.count : 0), 0);
  for (const { reading, count } of readings)
    lines.push(`${count} of ${images} ${count === 1 ? "has" : "have"} ${reading}`);
  if (bands !== undefined) lines.push(`all of ${images} have ${bands} channels`);
  if (enlarged > 0) {
    const are = enlarged === 1 ? "is" : "are";
    lines.push(`${enlarged} of ${images} ${are} smaller than ${size} × ${size} and ${are} enlarged`);
  }
  if (broken.length > 0) lines.push(`${broken.length} of the sample cannot be read; the first: ${broken[0]!.message}`);
  return lines;
}

async function headerOf(dataset: ImageDataset, index: number): Promise<ImageHeader> {
  if (dataset.header !== undefined) return dataset.header(index);
  const { height, width, channels } = await dataset.get(index);
  return { height, width, channels };
}

/** The middles of `count` equal stretches: neither the first nor the last stands for all. */
function* spread(length: number, count: number): Generator<number> {
  const taken = Math.min(length, count);
  for (let place = 0; place < taken; place++) yield Math.floor(((place + 0.5) * length) / taken);
}

function summary(headers: readonly ImageHeader[]): Omit<ImageSizes, "broken"> {
  const bySide = headers.toSorted((a, b) => shorter(a) - shorter(b) || a.height * a.width - b.height * b.width);
  const counts = new Map<string, { height: number; width: number; count: number }>();
  for (const { height, width } of bySide) {
    const key = `${height} ${width}`;
    const { count } = counts.get(key) ?? { count: 0 };
    counts.set(key, { height, width, count: count + 1 });
  }
  return {
    sampled: headers.length,
    sizes: [...counts.values()].sort((a, b) => b.count - a.count),
    smallest: extent(bySide[0]!),
    largest: extent(bySide.at(-1)!),
    typicalSide: shorter(bySide[Math.floor(bySide.length / 2)]!),
    gray: headers.filter(({ channels }) => channels === 1).length,
    bands: bandsOf(headers),
    readings: readingsOf(headers),
    white: whiteOf(headers),
  };
}

function bandsOf(headers: readonly ImageHeader[]): number | undefined {
  const { channels } = headers[0]!;
  const isOne = headers.every((header) => header.channels === channels);
  return isOne && channels !== 1 && channels !== 3 ? channels : undefined;
}

function readingsOf(headers: readonly ImageHeader[]): { reading: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reading } of headers) if (reading !== undefined) counts.set(reading, (counts.get(reading) ?? 0) + 1);
  return [...counts].map(([reading, count]) => ({ reading, count })).sort((a, b) => b.count - a.count);
}

function whiteOf(headers: readonly ImageHeader[]): number | null | undefined {
  if (headers.every(({ reading }) => reading === undefined)) return undefined;
  const [low, high] = headers[0]!.range ?? [];
  const isOne = headers.every(({ range }) => range !== undefined && range[0] === 0 && range[1] === high);
  return low === 0 && isOne ? high! : null;
}

const shorter = ({ height, width }: Extent) => Math.min(height, width);
const extent = ({ height, width }: Extent): Extent => ({ height, width });
