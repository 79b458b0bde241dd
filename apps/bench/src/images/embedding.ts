/**
 * Features of images by a run's encoder.
 */
import { CorruptSampleError, featureExtractor } from "@autodidact/core";
import { type Image, openImages, stackImages } from "@autodidact/vision";
import type { Embedded, EmbeddingOptions } from "../modality.js";
import { grouped } from "../progress.js";
import { standardised } from "./standardised-encoder.js";
import { openTrainedRun } from "./trained-run.js";

const AT_ONCE = 1024;

/** Images that cannot be read are named and left out. */
export async function* embedImages(
  folder: string,
  data: string,
  { signal, show, print }: EmbeddingOptions,
): AsyncGenerator<Embedded, void> {
  const { encoder, statistics, settings } = await openTrainedRun(folder);
  const { size, channels } = settings.data;
  const dataset = await openImages(data, { size, channels });
  const extract = featureExtractor(standardised(encoder, statistics), { toInput: stackImages, batchSize: 64 });
  try {
    for (let start = 0; start < dataset.length; start += AT_ONCE) {
      const images: Image[] = [];
      for (let row = start; row < Math.min(start + AT_ONCE, dataset.length); row++) {
        signal.throwIfAborted();
        const image = await dataset.get(row).catch((error: unknown) => {
          if (!(error instanceof CorruptSampleError)) throw error;
          print(`skipped: ${error.message}`);
        });
        if (image !== undefined) images.push(image);
      }
      if (images.length > 0) yield { ids: images.map(({ id }) => id), features: await extract(images, signal) };
      show(`${grouped(Math.min(start + AT_ONCE, dataset.length))} of ${grouped(dataset.length)} images`);
    }
  } finally {
    extract.dispose();
  }
}
