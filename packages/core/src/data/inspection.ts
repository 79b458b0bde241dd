/**
 * What a look at all of somebody's data tells, without training: what it is, what is broken, what stands in it twice.
 */
import type { Picture } from "../pictures/picture.js";
import type { CorruptSampleError } from "./dataset.js";
import type { FoundData, PartName } from "./found-data.js";

export interface Inspection {
  readonly found: FoundData;
  /** All of them, in their order. */
  readonly broken: readonly CorruptSampleError[];
  /** Sizes in words, the most frequent first: `{ size: "32 × 32, 3 channels", count: 500 }`. */
  readonly sizes: readonly { readonly size: string; readonly count: number }[];
  /** Pairs that look or read alike: across parts they make a test score a lie. */
  readonly duplicates: readonly Duplicate[];
  /** A sample of the data to look at: a contact sheet. */
  readonly sheet?: Picture | undefined;
}

export interface Duplicate {
  readonly first: { readonly id: string; readonly part: PartName };
  readonly second: { readonly id: string; readonly part: PartName };
  /** Bit for bit the same content, or only nearly so. */
  readonly isExact: boolean;
}
