/**
 * Fine-tuning for boxes: what the pretrained encoder and the same from scratch find in every test image.
 */
import { type FineTuneDenseOptions, type FineTunedDense, fineTuneDense } from "../finetuning/fine-tune-dense.js";
import type { TrueBox } from "./coco-file.js";
import type { FoundBox } from "./decode-centres.js";
import { detectBoxes, detection, detector } from "./detector.js";
import type { DetectionData } from "./open-detection.js";

export interface DetectionAnswer {
  /** For each image. */
  readonly found: readonly (readonly FoundBox[])[];
  readonly truth: readonly (readonly TrueBox[])[];
  readonly classes: number;
}

/** `folder` is a run's or an encoder's. Answers are `BoxAnswer`s of @autodidact/evaluate. */
export function fineTuneDetection(
  folder: string,
  data: DetectionData,
  options: FineTuneDenseOptions = {},
): AsyncGenerator<FineTunedDense<DetectionAnswer>, void> {
  return fineTuneDense(
    folder,
    data,
    {
      make: (encoder, random) => detector(encoder, data.classes, random),
      method: detection,
      answer: async (model, examples, preprocessing) => ({
        found: await detectBoxes(model, examples, preprocessing),
        truth: examples.map(({ boxes }) => boxes),
        classes: data.classes.length,
      }),
    },
    options,
  );
}
