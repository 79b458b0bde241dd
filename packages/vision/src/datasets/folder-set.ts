/**
 * Image files below a folder, as a set.
 */
import { join } from "node:path";
import { encodedSet } from "./encoded-set.js";
import { readImageFile } from "./image-file.js";
import type { LayoutOptions } from "./image-layout.js";
import type { ImageSet } from "./image-set.js";

/** `paths` are relative to the folder, with slashes. */
export function folderSet(
  root: string,
  paths: readonly string[],
  options: Omit<LayoutOptions, "where"> = {},
): ImageSet {
  const source = (row: number) => join(root, paths[row]!);
  const images = { paths, source, read: (row: number, id: string) => readImageFile(id, source(row)) };
  return encodedSet(images, { ...options, where: root, kind: "a folder of images" });
}
