/**
 * Images by number, with the names of their classes where they have any.
 */
import type { Dataset } from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions, ImageHeader } from "./decode-image.js";

export interface ImageDataset extends Dataset<Image> {
  id(index: number): string;
  /** Names of the labels in their order; empty for unlabelled images. */
  readonly classes: readonly string[];
  /** The label without decoding the image; undefined for unlabelled images. */
  label(index: number): number | undefined;
  /** The image's own size and channels, where they can be told without decoding it. */
  header?(index: number): Promise<ImageHeader>;
}

export interface ImageOptions extends DecodeOptions {
  /** Which part of a set that comes in parts. */
  split?: Split;
}

export type Split = "train" | "test";

/** How folders and archives call the parts. */
const splitNames: Record<Split, readonly string[]> = {
  train: ["train", "training"],
  test: ["test", "val", "validation"],
};

export function splitNamed(name: string): Split | undefined {
  return (Object.keys(splitNames) as Split[]).find((split) => splitNames[split].includes(name.toLowerCase()));
}

/** Labels are places in the sorted names. One class alone tells nothing apart: such images are unlabelled. */
export function labelled(names: readonly (string | undefined)[]): Pick<ImageDataset, "classes" | "label"> {
  const known = new Set(names);
  if (known.has(undefined) || known.size < 2) return { classes: [], label: () => undefined };
  const classes = ([...known] as string[]).sort(byCodePoint);
  const places = new Map<string | undefined, number>(classes.map((name, place) => [name, place]));
  return { classes, label: (index) => places.get(names[index]) };
}

/** The same order on every machine, whatever its language. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export function assertWithin(who: string, index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new RangeError(`${who}: the index must be a whole number from 0 to ${length - 1}, got ${index}.`);
  }
}
