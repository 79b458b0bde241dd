/**
 * What labels can teach an image encoder: classes, masks, boxes.
 */
import { classLesson, type Lessons } from "@autodidact/evaluate";
import { fineTuneImages, type Image, loadImageEncoder, openLabelledImages } from "@autodidact/vision";
import { detectionLesson, segmentationLesson } from "./dense-lessons.js";
import { imageReading, imageSubject, readingOf, refuseValidation } from "./features.js";

export const imageLessons: Lessons = {
  classification: classLesson<Image>({
    modality: "image",
    examples: "images",
    summary: "labelled images, with a train and a test part (else a fifth is held out)",
    options: imageReading,
    usual: { epochs: 20, batchSize: 64, learningRate: 1e-3 },
    async open({ folder, data, validation, typed }, { onCorrupt, signal }) {
      refuseValidation(validation);
      const { decoding } = await loadImageEncoder(folder);
      return openLabelledImages(data, { ...decoding, ...readingOf(typed), onCorrupt, signal });
    },
    fineTune: fineTuneImages,
    subject: imageSubject,
  }),
  segmentation: segmentationLesson,
  detection: detectionLesson,
};
