/**
 * Pretraining on images, as the command needs it.
 */
import type { Modality } from "../modality.js";
import type { imageMethods } from "../registry.js";
import { embedImages, examineImages } from "./features.js";
import { imageLearner } from "./learner.js";
import { addImageOptions, type ImageOptions, imageSettingsFrom } from "./options.js";
import { examineData } from "./pretrain-data.js";
import { type ImageSettings, parseImageSettings } from "./settings.js";

export const images: Modality<ImageSettings, ImageOptions> = {
  data: "images",
  methods: { simclr: "two views of one image embed alike, views of different images apart" } satisfies Record<
    keyof typeof imageMethods,
    string
  >,
  saveEvery: "an epoch",
  addOptions: addImageOptions,
  examples: (method) => [
    `${method} --data photos`,
    `${method} --data cifar10 --per-class 1000 --width 16 --epochs 20 --crop-area 0.2,1 --decay all`,
    `${method} --out runs/${method}-photos --resume`,
  ],
  async plan(method, data, options) {
    const facts = await examineData(data, options);
    const settings = imageSettingsFrom(method as ImageSettings["method"], options, facts);
    return { settle: async () => settings };
  },
  parse: parseImageSettings,
  describe: ({ method, data, encoder, augment, steps, batchSize, optimizer, seed }) =>
    [
      `${method}: ${encoder.name} of width ${encoder.width} with ${encoder.stem} stem`,
      `images ${data.size}×${data.size}×${data.channels}, views as ${augment.preset}`,
      `${steps} steps of ${batchSize}, ${optimizer.name}, seed ${seed}`,
    ].join("; "),
  learner: (settings, { folder }, dataPath) => imageLearner(settings, { folder, dataPath }),
  conclude: ({ data }, folder) => ({
    lines: [],
    next: { why: "What is it worth?", command: `evaluate ${folder} --data ${data.path} --protocol linear` },
  }),
  examine: examineImages,
  embed: embedImages,
};
