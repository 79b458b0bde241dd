/**
 * Fine-tuning for masks: what the pretrained encoder and the same from scratch say of every test pixel.
 */
import { type FineTuneDenseOptions, type FineTunedDense, fineTuneDense } from "../finetuning/fine-tune-dense.js";
import type { SegmentationData } from "./open-segmentation.js";
import { segmentation, segmenter, segmentImages } from "./segmenter.js";

export interface MaskAnswer {
  /** A label for each pixel, image after image. */
  readonly labels: Uint8Array;
  /** The same of the masks; 255 where none counts. */
  readonly truth: Uint8Array;
  /** Pixels of each image. */
  readonly sizes: readonly number[];
  readonly classes: number;
}

/** `folder` is a run's or an encoder's. Answers are `DenseAnswer`s of @autodidact/evaluate. */
export function fineTuneSegmentation(
  folder: string,
  data: SegmentationData,
  options: FineTuneDenseOptions = {},
): AsyncGenerator<FineTunedDense<MaskAnswer>, void> {
  const { classes } = data;
  return fineTuneDense(
    folder,
    data,
    {
      make: (encoder, random) => segmenter(encoder, data, random),
      method: segmentation,
      answer: async (model, examples, preprocessing) =>
        maskAnswer(await segmentImages(model, examples, preprocessing), examples, classes.length),
    },
    options,
  );
}

export function maskAnswer(
  found: readonly Uint8Array[],
  examples: readonly { readonly mask: Uint8Array }[],
  classes: number,
): MaskAnswer {
  return {
    labels: joined(found),
    truth: joined(examples.map(({ mask }) => mask)),
    sizes: examples.map(({ mask }) => mask.length),
    classes,
  };
}

/** Training pixels of each class, for a record. */
export function pixelCounts({ train, classes }: SegmentationData): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const { mask } of train.examples) for (const label of mask) if (label < counts.length) counts[label]! += 1;
  return counts;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
