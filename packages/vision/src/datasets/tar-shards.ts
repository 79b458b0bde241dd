/**
 * Images inside tar archives, read where they lie: nothing is unpacked.
 */
import { labelsOf, partsOf } from "@autodidact/core";
import { archiveSet } from "./archive-set.js";
import type { ImageDataset, ImageOptions } from "./image-dataset.js";
import { datasetOf } from "./image-set.js";

/** The images of one or several archives (`.tar`, `.tar.gz`, `.tgz`), in the order they were put in. */
export async function tarShards(
  archives: string | readonly string[],
  options: ImageOptions = {},
): Promise<ImageDataset> {
  const { split, layout, ...decoding } = options;
  const paths = typeof archives === "string" ? [archives] : archives;
  const where = paths.length === 1 ? paths[0]! : "the archives";
  const asked = { layout, where, who: "tarShards", areNamesRead: false };
  const set = await archiveSet("", paths, asked);
  return datasetOf(partsOf(asked, set.parts, split), labelsOf(set), decoding);
}
