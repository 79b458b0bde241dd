/**
 * What learns from images: their loader, the method on its encoder, and the watch over its features.
 */
import { cached, loader, saveEncoder } from "@autodidact/core";
import type { Augment } from "@autodidact/vision";
import type { Learner } from "../learner.js";
import { scheduleOf } from "../learning-options.js";
import { collapseWatch } from "./collapse-watch.js";
import { pretrainingParts } from "./parts.js";
import { openPretrainData } from "./pretrain-data.js";
import type { ImageSettings } from "./settings.js";

/** `dataPath`: where the data is now, if it has moved since the run began. */
export async function imageLearner(settings: ImageSettings, dataPath = settings.data.path): Promise<Learner> {
  const { steps, batchSize } = settings;
  const { method, optimizer, augment, random } = pretrainingParts(settings);
  const dataset = cached(await openPretrainData({ ...settings.data, path: dataPath }));
  const batches = loader(dataset, { batchSize, random: random.split("data") });
  const { statistics } = augment;
  const watched = { dataset, statistics, batchSize, random: random.split("collapse watch") };
  const watch = collapseWatch(method.encoder, watched);
  return {
    method,
    optimizer,
    steps,
    random,
    loader: batches,
    learningRate: scheduleOf(settings),
    saveEvery: batches.batchesPerEpoch,
    pace: { unit: "images", perSample: 1 },
    watch,
    save: (folder) => saveEncoder(method.encoder, folder, { json: preprocessorOf(augment) }),
    dispose: async () => watch.dispose(),
  };
}

/** As Hugging Face's image processors read it. */
function preprocessorOf({ size, statistics }: Augment): Record<string, unknown> {
  return {
    "preprocessor_config.json": {
      image_processor_type: "ViTImageProcessor",
      do_resize: true,
      size: { height: size, width: size },
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: statistics.mean,
      image_std: statistics.std,
    },
  };
}
