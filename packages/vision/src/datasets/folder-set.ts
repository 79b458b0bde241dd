/**
 * Image files below a folder, as a set.
 */
import { join } from "node:path";
import { type EncodedImages, type EncodedSetOptions, encodedSet } from "./encoded-set.js";
import { readImageFile, readImageHeader } from "./image-file.js";
import type { ImageSet } from "./image-set.js";

/** `paths` are relative to the folder, with slashes. */
export function folderSet(
  root: string,
  paths: readonly string[],
  options: Omit<EncodedSetOptions, "where" | "kind"> = {},
): ImageSet {
  const source = (row: number) => join(root, paths[row]!);
  const images: EncodedImages = {
    paths,
    source,
    read: (row, id) => readImageFile(id, source(row)),
    header: (row, id, decoding) => readImageHeader(id, source(row), decoding),
  };
  return encodedSet(images, { ...options, where: root, kind: "a folder of images" });
}
