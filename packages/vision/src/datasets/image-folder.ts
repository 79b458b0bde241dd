/**
 * A folder of image files: one sub-folder a class, or any files at all, unlabelled; parts `train/` and `test/` too.
 */

import { labelsOf, partsOf, UsageError } from "@autodidact/core";
import { folderSet } from "./folder-set.js";
import type { ImageDataset, ImageOptions } from "./image-dataset.js";
import { datasetOf } from "./image-set.js";
import { walkImages } from "./walk-images.js";

/** The images below `root` in the order of their paths, whatever else lies there. */
export async function imageFolder(root: string, options: ImageOptions = {}): Promise<ImageDataset> {
  const { split, layout, ...decoding } = options;
  const { images } = await walkImages(root);
  if (images.length === 0) throw new UsageError(`imageFolder: no image file below ${root}.`);
  const set = folderSet(root, images, { layout, who: "imageFolder" });
  return datasetOf(partsOf({ where: root, who: "imageFolder" }, set.parts, split), labelsOf(set), decoding);
}
