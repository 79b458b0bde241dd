/**
 * Lessons in places: the class of every pixel, boxes around objects.
 */
import { basename } from "node:path";
import { counted, createRandom, describeFoundData, type FoundData, skipping, UsageError } from "@autodidact/core";
import { choice, type Options, text } from "@autodidact/core/cards";
import {
  ap,
  byContender,
  circumstancesOf,
  describeDense,
  describeSubject,
  detectionRecord,
  type FineTuned,
  type FineTuningResult,
  type Metric,
  meanIou,
  type ResultRecord,
  segmentationRecord,
} from "@autodidact/evaluate";
import {
  type BoxedImage,
  type DenseData,
  type DenseReading,
  type DetectionAnswer,
  type DetectionData,
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
import type { Session } from "../engine-options.js";
import { type Lesson, settingsOf, type Taught, teaching } from "../fine-tuning.js";
import { toldInFlags } from "../option-words.js";
import { imageReading } from "./features.js";

/** As the package's fine-tuning has it, and as records say. */
const usual = { epochs: 40, batchSize: 16, learningRate: 1e-3 } as const;

interface Opening extends DenseReading {
  readonly size: number;
  readonly channels: number;
  readonly maxPixels?: number | undefined;
  readonly onFound: (found: FoundData) => void;
}

interface DenseLesson<Example, Data extends DenseData<Example>, Answer> {
  readonly summary: string;
  readonly options: Options;
  readonly headline: Metric<Answer>;
  open(path: string, opening: Opening, typed: NonNullable<Taught["typed"]>): Promise<Data>;
  fineTune(folder: string, data: Data, told: ReturnType<typeof teaching>): AsyncIterable<FineTunedDense<Answer>>;
  record(answers: FineTuned<Answer>, data: Data, result: FineTuningResult): ResultRecord;
}

function denseLesson<Example, Data extends DenseData<Example>, Answer>(
  lesson: DenseLesson<Example, Data, Answer>,
): Lesson {
  const { summary, options } = lesson;
  return { summary, hasClasses: false, options, teach: (taught, session) => teach(lesson, taught, session) };
}

async function teach<Example, Data extends DenseData<Example>, Answer>(
  lesson: DenseLesson<Example, Data, Answer>,
  taught: Taught,
  session: Session,
): Promise<ResultRecord> {
  const { folder, data: path, validation, seeds, typed = {} } = taught;
  const { line, engine, signal } = session;
  if (validation !== undefined) {
    throw new UsageError(
      "--validation names a file of texts. Images are measured on the test part beside the train part.",
    );
  }
  const circumstances = circumstancesOf(engine);
  const loaded = await loadImageEncoder(folder);
  const onCorrupt = skipping(line.print);
  const onFound = (found: FoundData) => {
    for (const one of describeFoundData(found, "images")) line.print(one);
  };
  const reading = { maxCorrupt: typed.maxCorrupt as number | undefined, onCorrupt, onFound, signal };
  const data = await toldInFlags(lesson.open(path, { ...loaded.decoding, ...reading }, typed));
  onCorrupt.conclude("images");
  const asked = counted(data.test.examples.length, "images");
  line.print(
    `${counted(data.train.examples.length, "images")} of ${counted(data.classes.length, "classes")} to learn from, ${asked} to answer`,
  );
  const results: FineTunedDense<Answer>[] = [];
  for await (const result of lesson.fineTune(folder, data, teaching(taught, session, asked))) {
    results.push(result);
    const score = lesson.headline.overall(result.answer);
    line.print(
      `${result.contender}, seed ${result.seed}: ${lesson.headline.name} ${(100 * score).toFixed(1)} % of ${asked}`,
    );
  }
  return lesson.record(
    byContender(results, ({ answer }) => answer),
    data,
    {
      task: describeDense(basename(path), data),
      subject: describeSubject(loaded, loaded.encoder.config, folder),
      settings: settingsOf(taught, usual),
      seeds,
      random: createRandom(0),
      ...circumstances(),
    },
  );
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

export const segmentationReading = (typed: NonNullable<Taught["typed"]>) => ({
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
