/**
 * Lessons in places: the class of every pixel, boxes around objects.
 */
import { basename } from "node:path";
import { counted } from "@autodidact/core";
import { choice, text } from "@autodidact/core/cards";
import {
  ap,
  byContender,
  describeDense,
  detectionRecord,
  type FineTuned,
  type FineTuningResult,
  type Lesson,
  type LessonPlan,
  lessonOf,
  type Metric,
  meanIou,
  type ResultRecord,
  segmentationRecord,
  type Taught,
} from "@autodidact/evaluate";
import {
  type BoxedImage,
  type DenseData,
  type DenseReading,
  type DetectionAnswer,
  type DetectionData,
  type FineTuneDenseOptions,
  type FineTunedDense,
  fineTuneDetection,
  fineTuneSegmentation,
  loadImageEncoder,
  type MaskAnswer,
  type MaskedImage,
  openDetection,
  openSegmentation,
  pixelCounts,
  type SegmentationData,
} from "@autodidact/vision";
import { imageReading, imageSubject, refuseValidation } from "./features.js";

type Typed = NonNullable<Taught["typed"]>;
type Opening = DenseReading & Awaited<ReturnType<typeof loadImageEncoder>>["decoding"];

interface DenseLesson<Example, Data extends DenseData<Example>, Answer> extends Pick<Lesson, "summary" | "options"> {
  readonly headline: Metric<Answer>;
  open(path: string, opening: Opening, typed: Typed): Promise<Data>;
  fineTune(folder: string, data: Data, told: FineTuneDenseOptions): AsyncIterable<FineTunedDense<Answer>>;
  record(answers: FineTuned<Answer>, data: Data, result: FineTuningResult): ResultRecord;
}

function denseLesson<Example, Data extends DenseData<Example>, Answer>({
  summary,
  options,
  headline,
  ...lesson
}: DenseLesson<Example, Data, Answer>): Lesson {
  const plan: LessonPlan<Data, FineTunedDense<Answer>> = {
    summary,
    options,
    hasClasses: false,
    examples: "images",
    usual: { epochs: 40, batchSize: 16, learningRate: 1e-3 },
    async open({ folder, data, validation, typed = {} }, reading) {
      refuseValidation(validation);
      const { decoding } = await loadImageEncoder(folder);
      return lesson.open(data, { ...decoding, maxCorrupt: typed.maxCorrupt as number | undefined, ...reading }, typed);
    },
    *introduce({ train, test, classes }) {
      const learned = `${counted(train.examples.length, "images")} of ${counted(classes.length, "classes")} to learn from`;
      yield `${learned}, ${counted(test.examples.length, "images")} to answer`;
    },
    fineTune: ({ folder }, data, teaching) => lesson.fineTune(folder, data, teaching),
    describe: ({ answer }, _, asked) => [
      `${headline.name} ${(100 * headline.overall(answer)).toFixed(1)} % of ${asked}`,
    ],
    subject: imageSubject,
    record(results, data, told, { data: path }) {
      const answers = byContender(results, ({ answer }) => answer);
      return lesson.record(answers, data, { ...told, task: describeDense(basename(path), data) });
    },
  };
  return lessonOf(plan);
}

/** How images with masks are read. */
export const segmentationOptions = {
  maxCorrupt: imageReading.maxCorrupt,
  masks: text("the folder that masks lie in, where several could be it", { unit: "folder" }),
  maskValues: choice(["indices", "foreground"])(
    "what a mask's numbers are: classes with 255 for none, or all above 0 one class",
    {
      unit: "what",
      usually: "indices, refused where masks hold 0 and 255 alone",
    },
  ),
};

export const segmentationReading = (typed: Typed) => ({
  maxCorrupt: typed.maxCorrupt as number | undefined,
  masks: typed.masks as string | undefined,
  maskValues: typed.maskValues as "indices" | "foreground" | undefined,
});

export const segmentationLesson = denseLesson<MaskedImage, SegmentationData, MaskAnswer>({
  summary: "images with masks (PNGs of class numbers: images/ and masks/, or 1.jpg and 1_mask.png)",
  options: segmentationOptions,
  headline: meanIou,
  open: (path, opening, typed) => openSegmentation(path, { ...opening, ...segmentationReading(typed) }),
  fineTune: fineTuneSegmentation,
  record: (answers, data, result) => segmentationRecord(answers, { learnedFrom: pixelCounts(data) }, result),
});

export const detectionLesson = denseLesson<BoxedImage, DetectionData, DetectionAnswer>({
  summary: "images with boxes in COCO's JSON (annotations.json)",
  options: { maxCorrupt: imageReading.maxCorrupt },
  headline: ap,
  open: (path, opening) => openDetection(path, opening),
  fineTune: fineTuneDetection,
  record: (answers, _, result) => detectionRecord(answers, result),
});
