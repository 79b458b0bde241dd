/**
 * All that lies below a folder, sorted by what it may be: images, archives, files of binary sets; the rest is counted.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { extname, join } from "node:path";
import { isArchive, type PassedOver, walkFiles } from "@autodidact/core";
import { isImageFile } from "./decode-image.js";
import { isDicom } from "./dicom/dicom-attributes.js";

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

/** DICOM files are often called by numbers alone, 1.2.840.113619.2.55 or IM000001: of names without an ending that says anything, the content tells. */
export function isDicomFile(path: string): boolean {
  if (!/^(\.\d+)?$/.test(extname(path))) return false;
  try {
    const file = openSync(path, "r");
    try {
      const beginning = new Uint8Array(132);
      return readSync(file, beginning, 0, 132, 0) === 132 && isDicom(beginning);
    } finally {
      closeSync(file);
    }
  } catch {
    return false; // what cannot be opened is no image that anybody named so
  }
}

export async function walkImages(root: string): Promise<ImageTree> {
  const { files, passedOver } = await walkFiles(root, {
    who: "openImages",
    noun: "images",
    kinds: ["images", "archives", "binaries"],
    kindOf(path) {
      if (isImageFile(path)) return "images";
      if (isArchive(path)) return "archives";
      if (BINARY.test(path)) return "binaries";
      return isDicomFile(join(root, path)) ? "images" : undefined;
    },
  });
  return { ...files, passedOver };
}
