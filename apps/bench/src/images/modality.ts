/**
 * Images, as the commands need them.
 */
import { counted, grouped } from "@autodidact/core";
import { probeTasks } from "@autodidact/evaluate";
import { describeEncoder, inspectImages, surveyImages, type Window } from "@autodidact/vision";
import {
  type ImageOptions,
  type ImageSettings,
  imageMethods,
  imageOptionGroups,
  parseImageSettings,
  planImages,
  settledImageLearner,
  valuesOptions,
} from "@autodidact/vision/cards";
import type { Modality } from "../modality.js";
import { flagOf, toldInFlags } from "../option-words.js";
import { isFound } from "../other-data.js";
import { commandLine } from "../resume-command.js";
import { imageAdvice } from "./advice-sample.js";
import { denseLinear } from "./dense-linear.js";
import {
  embedImages,
  examineImages,
  imageNeighbours,
  imageReading,
  layerOption,
  predictImages,
  readingOf,
} from "./features.js";
import { imageItems } from "./items.js";
import { imageLessons } from "./lessons.js";
import { quickImages } from "./quick.js";
import { imageQuickstart } from "./quickstart.js";

const cardNamed = (method: string) => imageMethods[method as ImageSettings["method"]];

/** Where the data has no labels, or is no longer there, others must be named. */
async function labelledAgain({ path, layout }: ImageSettings["data"]): Promise<string | undefined> {
  const survey = await surveyImages(path, { layout }).catch(() => undefined);
  return survey !== undefined && survey.labelled.length > 0 ? path : undefined;
}

export const images: Modality<ImageSettings, ImageOptions> = {
  data: "images",
  methods: imageMethods,
  saveEvery: "an epoch",
  options: (method) => imageOptionGroups(cardNamed(method)),
  examples: (method) => [
    `${method} --data photos`,
    `${method} --data cifar10 --per-class 1000 --width 16 --epochs 20 --crop-area 0.2,1 --decay all`,
    `${method} --out runs/${method}-photos --resume`,
  ],
  plan: (method, data, typed) => toldInFlags(planImages(cardNamed(method), data, typed)),
  parse: parseImageSettings,
  describe: ({ method, data, encoder, init, augment, steps, batchSize, optimizer, seed, ...others }) =>
    [
      `${method}: ${describeEncoder(encoder)}${init === undefined ? "" : `, continued from ${init.path}`}`,
      Object.keys(cardNamed(method).options)
        .map((name) => `${flagOf(name).slice(2)} ${others[name as keyof typeof others]}`)
        .join(", "),
      `images ${data.size}×${data.size}×${data.channels}${data.storeSize === undefined ? "" : `, kept at ${data.storeSize}×${data.storeSize}`}, views as ${augment.preset}`,
      `${counted(steps, "steps")} of ${batchSize}, ${optimizer.name}, seed ${seed}`,
    ]
      .filter(Boolean)
      .join("; "),
  learner: settledImageLearner,
  async conclude({ data }, folder) {
    const labelled = await labelledAgain(data);
    const where = labelled === undefined ? " (LABELLED, a folder of a folder a class)" : "";
    return {
      lines: [],
      next: {
        why: `What is it worth? On images with classes${where}:`,
        command: commandLine(["evaluate", folder, "--data", labelled ?? "LABELLED", "--protocol", "linear"]),
      },
    };
  },
  modelTypes: [
    "autodidact_resnet",
    "resnet",
    "vit",
    "autodidact_image_classifier",
    "autodidact_segmenter",
    "autodidact_detector",
  ],
  labelledData: "labelled, with a train and a test part (else a fifth is held out)",
  tasks: { ...probeTasks(examineImages, { ...layerOption, ...imageReading }), "dense-linear": denseLinear },
  lessons: imageLessons,
  inspectReading: { layout: imageReading.layout, ...valuesOptions },
  embed: embedImages,
  predict: predictImages,
  items: imageItems,
  neighbours: imageNeighbours,
  showsNeighbours: true,
  holds: (path) => isFound(surveyImages(path)),
  inspect: (path, { typed, signal, show }) =>
    toldInFlags(
      inspectImages(path, {
        layout: readingOf(typed).layout,
        window: typed?.window as Window | undefined,
        frame: typed?.frame as number | undefined,
        signal,
        onProgress: (done, total) => show(`${grouped(done)} of ${counted(total, "images")}`),
      }),
    ),
  advice: imageAdvice,
  quickstart: imageQuickstart,
  quick: quickImages,
};
