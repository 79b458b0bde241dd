/**
 * What labels can teach an image encoder: classes, masks, boxes.
 */

import { UsageError } from "@autodidact/core";
import { describeSubject } from "@autodidact/evaluate";
import { fineTuneImages, type Image, loadImageEncoder, openLabelledImages } from "@autodidact/vision";
import { classLesson } from "../class-lesson.js";
import type { Lessons, Taught } from "../fine-tuning.js";
import { toldInFlags } from "../option-words.js";
import { detectionLesson, segmentationLesson } from "./dense-lessons.js";
import { imageReading, readingOf } from "./features.js";

export const imageLessons: Lessons = {
  classification: classLesson<Image>({
    modality: "image",
    examples: "images",
    summary: "labelled images, with a train and a test part (else a fifth is held out)",
    options: imageReading,
    usual: { epochs: 20, batchSize: 64, learningRate: 1e-3 },
    async open({ folder, data, validation, typed }: Taught, reading) {
      if (validation !== undefined) {
        throw new UsageError(
          "--validation names a file of texts. Images are measured on the test part beside the train part.",
        );
      }
      const { decoding } = await loadImageEncoder(folder);
      return toldInFlags(openLabelledImages(data, { ...decoding, ...readingOf(typed), ...reading }));
    },
    fineTune: fineTuneImages,
    async subject(folder) {
      const loaded = await loadImageEncoder(folder);
      return describeSubject(loaded, loaded.encoder.config, folder);
    },
  }),
  segmentation: segmentationLesson,
  detection: detectionLesson,
};
