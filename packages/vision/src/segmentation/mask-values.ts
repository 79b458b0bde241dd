/**
 * What the numbers in masks mean: which of them are classes, and their names.
 */
import { UsageError } from "@autodidact/core";
export type MaskValues = "indices" | "foreground";

/** A pixel that does not count, among labels. */
export const IGNORED = 255;

export interface MaskClasses {
  /** Their names, by label. */
  readonly classes: readonly string[];
  /** The number in a mask that stands for each label. */
  readonly values: readonly number[];
}

export interface MaskClassesOptions {
  /** Who was asked, and the data's path, for errors. */
  readonly who: string;
  readonly path: string;
  readonly maskValues?: MaskValues | undefined;
  /** Names of the numbers 0, 1, …; the numbers themselves unless told. */
  readonly names?: readonly string[] | undefined;
}

/** Every number that training masks hold is a class, but for 255. */
export function maskClasses(found: Iterable<number>, options: MaskClassesOptions): MaskClasses {
  const { who, path, maskValues, names } = options;
  const all = [...new Set(found)].sort((a, b) => a - b);
  if (maskValues === undefined && all.length === 2 && all[0] === 0 && all[1] === IGNORED) {
    throw new UsageError(
      `${who}: the masks of ${path} hold 0 and 255 alone, and 255 may be a class or what does not count. Choose { maskValues: "foreground" } where all above 0 is one class, "indices" where 255 does not count.`,
    );
  }
  const values = maskValues === "foreground" ? [0, 1] : all.filter((value) => value !== IGNORED);
  if (values.length < 2) {
    throw new UsageError(
      `${who}: masks must hold two classes at least, and those of ${path} hold ${values.join(", ") || "none"}. Write a class's number into each pixel, 255 where none counts.`,
    );
  }
  if (names !== undefined && names.length <= values.at(-1)!) {
    throw new UsageError(
      `${who}: classes.txt of ${path} must name every number in the masks, a line each from 0 on, got ${names.length} names for ${values.at(-1)}.`,
    );
  }
  const unnamed = maskValues === "foreground" ? ["background", "foreground"] : values.map(String);
  return { values, classes: names === undefined ? unnamed : values.map((value) => names[value]!) };
}
