/**
 * Images, as the commands need them.
 */

import { resolve } from "node:path";
import { grouped, UsageError } from "@autodidact/core";
import {
  describeEncoder,
  encoderOfWeights,
  examineImages as examineData,
  inspectImages,
  openInitialWeights,
  surveyImages,
  type Window,
} from "@autodidact/vision";
import { flagOf } from "../command-options.js";
import { probes } from "../evaluation.js";
import type { Modality } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { commandLine } from "../resume-command.js";
import { denseLinear } from "./dense-linear.js";
import { embedImages, examineImages, imageReading, layerOption, readingOf } from "./features.js";
import { imageLearner } from "./learner.js";
import { imageLessons } from "./lessons.js";
import { imageNeighbours } from "./neighbours.js";
import { type ImageOptions, optionGroups, valuesOptions } from "./options.js";
import { predictImages } from "./predict.js";
import { imageQuickstart } from "./quickstart.js";
import {
  type Continued,
  type ImageSettings,
  imageMethods,
  imageSettingsFrom,
  imageWarning,
  parseImageSettings,
  withStoreSize,
} from "./settings.js";

const cardNamed = (method: string) => imageMethods[method as ImageSettings["method"]];

async function continued(init: string, { width }: ImageOptions): Promise<Continued> {
  const weights = await openInitialWeights(init);
  const encoder = encoderOfWeights(weights);
  if (width !== undefined && width !== encoder.width) {
    throw new UsageError(`--init ${init} brings its own width, ${encoder.width}: leave out --width ${width}.`);
  }
  return { path: resolve(init), weights: await weights.fingerprint(), encoder };
}

/** Where the data has no labels, or is no longer there, others must be named. */
async function labelledAgain({ path, layout }: ImageSettings["data"]): Promise<string | undefined> {
  const survey = await surveyImages(path, { layout }).catch(() => undefined);
  return survey !== undefined && survey.labelled.length > 0 ? path : undefined;
}

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
    const init = typed.init === undefined ? undefined : await toldInFlags(continued(typed.init, typed));
    const { facts, originalSide, valueBytes, found } = await toldInFlags(examineData(data, typed));
    const settings = withStoreSize(imageSettingsFrom(cardNamed(method), typed, facts, init), typed, {
      length: facts.length,
      originalSide,
      valueBytes,
    });
    const warning = imageWarning(settings, facts.length);
    const remarks = [...(found.remarks ?? []), ...(warning === undefined ? [] : [`warning: ${warning}`])];
    return { found: { ...found, remarks }, settle: async () => settings };
  },
  parse: parseImageSettings,
  describe: ({ method, data, encoder, init, augment, steps, batchSize, optimizer, seed, ...others }) =>
    [
      `${method}: ${describeEncoder(encoder)}${init === undefined ? "" : `, continued from ${init.path}`}`,
      Object.keys(cardNamed(method).options)
        .map((name) => `${flagOf(name).slice(2)} ${others[name as keyof typeof others]}`)
        .join(", "),
      `images ${data.size}×${data.size}×${data.channels}${data.storeSize === undefined ? "" : `, kept at ${data.storeSize}×${data.storeSize}`}, views as ${augment.preset}`,
      `${steps} steps of ${batchSize}, ${optimizer.name}, seed ${seed}`,
    ]
      .filter(Boolean)
      .join("; "),
  learner: (settings, place, dataPath) => imageLearner(settings, place, dataPath),
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
  tasks: { ...probes(examineImages, { ...layerOption, ...imageReading }), "dense-linear": denseLinear },
  lessons: imageLessons,
  inspectReading: { layout: imageReading.layout, ...valuesOptions },
  embed: embedImages,
  predict: predictImages,
  neighbours: imageNeighbours,
  showsNeighbours: true,
  inspect: (path, { typed, signal, show }) =>
    toldInFlags(
      inspectImages(path, {
        layout: readingOf(typed).layout,
        window: typed?.window as Window | undefined,
        frame: typed?.frame as number | undefined,
        signal,
        onProgress: (done, total) => show(`${grouped(done)} of ${grouped(total)} images`),
      }),
    ),
  quickstart: imageQuickstart,
};
