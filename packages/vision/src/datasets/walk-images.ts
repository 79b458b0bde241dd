/**
 * All that lies below a folder, sorted by what it may be: images, archives, files of binary sets; the rest is counted.
 */
import { isArchive, type PassedOver, walkFiles } from "@autodidact/core";
import { isImageFile } from "./decode-image.js";

export interface ImageTree {
  /** Paths below the folder, with slashes, sorted; named as images, whatever they are. */
  readonly images: readonly string[];
  readonly archives: readonly string[];
  /** Files that are called as those of binary sets are: `.bin`, `-ubyte`, `data_batch_1`. */
  readonly binaries: readonly string[];
  readonly passedOver: readonly PassedOver[];
}

const BINARY =
  /(\.bin|-ubyte|\.idx\d-ubyte|-ubyte\.gz|(^|\/)(data_batch_\d+|test_batch|batches\.meta|train|test|meta))$/;

export async function walkImages(root: string): Promise<ImageTree> {
  const { files, passedOver } = await walkFiles(root, {
    who: "openImages",
    noun: "images",
    kinds: ["images", "archives", "binaries"],
    kindOf(path) {
      if (isImageFile(path)) return "images";
      if (isArchive(path)) return "archives";
      return BINARY.test(path) ? "binaries" : undefined;
    },
  });
  return { ...files, passedOver };
}
