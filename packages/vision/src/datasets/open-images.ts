/**
 * Opens whatever images lie at a path, or says all that it looked for.
 */
import type { ImageDataset, ImageOptions } from "./image-dataset.js";
import { surveyImages } from "./survey-images.js";

/** What `surveyImages` finds; where a set comes in parts, `split` chooses one or several. */
export async function openImages(path: string, options: ImageOptions = {}): Promise<ImageDataset> {
  const { split, layout, ...decoding } = options;
  return (await surveyImages(path, { layout })).open({ ...decoding, part: split });
}
