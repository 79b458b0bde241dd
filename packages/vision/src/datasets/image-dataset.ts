/**
 * Images by number, with the names of their classes where they have any.
 */
import type { ContentsOptions, Dataset, Layout, PartName } from "@autodidact/core";
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
  /** The file on disk that holds the image, alone or among others. */
  source?(index: number): string;
  /** A hash of what the files hold that it is read from: other data of the same names has another. */
  contents?(options?: ContentsOptions): Promise<string>;
}

export interface ImageOptions extends DecodeOptions {
  /** Which part of a set that comes in parts; several are taken one after the other. */
  split?: PartName | readonly PartName[] | undefined;
  /** How folders are taken where their names leave it open. */
  layout?: Layout | undefined;
}
