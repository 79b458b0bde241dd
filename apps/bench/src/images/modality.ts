/**
 * Images, as the commands need them.
 */

import { grouped } from "@autodidact/core";
import { describeEncoder, examineImages as examineData, inspectImages } from "@autodidact/vision";
import { flagOf } from "../command-options.js";
import { probes } from "../evaluation.js";
import type { Modality } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { commandLine } from "../resume-command.js";
import { denseLinear } from "./dense-linear.js";
import { embedImages, examineImages, imageReading, readingOf } from "./features.js";
import { imageLearner } from "./learner.js";
import { imageLessons } from "./lessons.js";
import { type ImageOptions, optionGroups } from "./options.js";
import { predictImages } from "./predict.js";
import { imageQuickstart } from "./quickstart.js";
import {
  type ImageSettings,
  imageMethods,
  imageSettingsFrom,
  imageWarning,
  parseImageSettings,
  withStoreSize,
} from "./settings.js";

const cardNamed = (method: string) => imageMethods[method as ImageSettings["method"]];

export const images: Modality<ImageSettings, ImageOptions> = {
  data: "images",
  methods: imageMethods,
  saveEvery: "an epoch",
  options: (method) => optionGroups(cardNamed(method)),
  examples: (method) => [
    `${method} --data photos`,
    `${method} --data cifar10 --per-class 1000 --width 16 --epochs 20 --crop-area 0.2,1 --decay all`,
    `${method} --out runs/${method}-photos --resume`,
  ],
  async plan(method, data, typed) {
    const { facts, originalSide, found } = await toldInFlags(examineData(data, typed));
    const settings = withStoreSize(imageSettingsFrom(cardNamed(method), typed, facts), typed, {
      length: facts.length,
      originalSide,
    });
    const warning = imageWarning(settings, facts.length);
    const remarks = [...(found.remarks ?? []), ...(warning === undefined ? [] : [`warning: ${warning}`])];
    return { found: { ...found, remarks }, settle: async () => settings };
  },
  parse: parseImageSettings,
  describe: ({ method, data, encoder, augment, steps, batchSize, optimizer, seed, ...others }) =>
    [
      `${method}: ${describeEncoder(encoder)}`,
      Object.keys(cardNamed(method).options)
        .map((name) => `${flagOf(name).slice(2)} ${others[name as keyof typeof others]}`)
        .join(", "),
      `images ${data.size}×${data.size}×${data.channels}${data.storeSize === undefined ? "" : `, kept at ${data.storeSize}×${data.storeSize}`}, views as ${augment.preset}`,
      `${steps} steps of ${batchSize}, ${optimizer.name}, seed ${seed}`,
    ]
      .filter(Boolean)
      .join("; "),
  learner: (settings, { folder }, dataPath) => imageLearner(settings, folder, dataPath),
  conclude: ({ data }, folder) => ({
    lines: [],
    next: {
      why: "What is it worth?",
      command: commandLine(["evaluate", folder, "--data", data.path, "--protocol", "linear"]),
    },
  }),
  modelTypes: [
    "autodidact_resnet",
    "resnet",
    "vit",
    "autodidact_image_classifier",
    "autodidact_segmenter",
    "autodidact_detector",
  ],
  labelledData: "labelled, with a train and a test part (else a fifth is held out)",
  tasks: { ...probes(examineImages, imageReading), "dense-linear": denseLinear },
  lessons: imageLessons,
  inspectReading: { layout: imageReading.layout },
  embed: embedImages,
  predict: predictImages,
  inspect: (path, { typed, signal, show }) =>
    toldInFlags(
      inspectImages(path, {
        layout: readingOf(typed).layout,
        signal,
        onProgress: (done, total) => show(`${grouped(done)} of ${grouped(total)} images`),
      }),
    ),
  quickstart: imageQuickstart,
};
