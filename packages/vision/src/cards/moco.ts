/**
 * MoCo v2's card.
 */

import { positive, share, whole } from "@autodidact/core/cards";
import { moco as method } from "../moco.js";
import { imageMethod } from "./image-card.js";

/** A queue that remembers much of the data holds other views of the query's own image: it costs ten points and more. */
const IMAGES_A_KEY = 4;

/** The authors learn on 8 GPUs, each with statistics of its own; these of fewer images are little more than noise. */
const MOST_GROUPS = 8;
const IMAGES_A_GROUP = 4;

export const moco = imageMethod({
  name: "moco",
  summary: "a view finds the key of another view of its image among keys of earlier batches",
  options: {
    temperature: positive("of the loss", { unit: "t", usually: "as the augmentation, 0.2 or 0.1" }),
    keyMomentum: share("of the key encoder, by which it stays as it was", {
      unit: "m",
      usually: "as the augmentation, 0.999 or 0.99",
    }),
    queueSize: whole("keys that are remembered", {
      usually: "65536 or 4096, at most a quarter of the images, at least a batch",
    }),
    projectionSize: whole(128, "of the space where views are compared"),
    normGroups: whole("parts of a batch, each with statistics of its own in batch norm", {
      usually: `${MOST_GROUPS}; of small batches fewer, so that each has ${IMAGES_A_GROUP} images`,
    }),
  },
  // The authors' for ImageNet, and those of their demo for CIFAR-10.
  defaults: ({ preset, images, batchSize }) => ({
    temperature: preset === "imagenet" ? 0.2 : 0.1,
    keyMomentum: preset === "imagenet" ? 0.999 : 0.99,
    queueSize: Math.max(batchSize, Math.min(preset === "imagenet" ? 65_536 : 4096, powerBelow(images / IMAGES_A_KEY))),
    normGroups: usualGroups(batchSize),
  }),
  refuse({ queueSize, normGroups }, { batchSize }) {
    if (batchSize > queueSize) {
      return `\`queueSize\` must hold a batch at least, got ${queueSize} for { batchSize: ${batchSize} }. Raise it, or lower the batch.`;
    }
    if (batchSize % normGroups !== 0 || batchSize < 2 * normGroups) {
      return `\`normGroups\` must divide \`batchSize\` into parts of two images at least, got ${normGroups} for ${batchSize}. Change one of them.`;
    }
  },
  warn({ queueSize, normGroups }, { images, batchSize }) {
    if (normGroups === 1) {
      return `{ normGroups: 1 } has one statistic for the whole batch of ${batchSize}, by which a query can know its own key without seeing it. Take a batch of ${2 * IMAGES_A_GROUP} or more that two groups divide.`;
    }
    if (2 * queueSize < images) return undefined;
    return `{ queueSize: ${queueSize} } remembers ${queueSize >= images ? "all" : "half"} of the ${images} images or more: an image's own older keys repel it, which costs ten points and more. Lower it.`;
  },
  families: { resnet: "its batch norms work in groups, and a ViT has none (moco-v3 learns ViTs)" },
  rates: { sgd: { learningRate: 0.03, weightDecay: 5e-4 } }, // of the demo: 0.06 for a batch of 512
  encoder: ({ normGroups }) => ({ normGroups }),
  chance: ({ queueSize }) => ({ loss: Math.log(queueSize + 1), is: "ln(K + 1)" }),
  make: ({ encoder, augment, random, options }) =>
    method(encoder, augment, random, { ...options, momentum: options.keyMomentum }),
});

/** As many as divide the batch into parts that are large enough; 1 where none do. */
function usualGroups(batchSize: number): number {
  const fits = (groups: number) => batchSize % groups === 0 && batchSize >= IMAGES_A_GROUP * groups;
  return Array.from({ length: MOST_GROUPS }, (_, n) => MOST_GROUPS - n).find(fits) ?? 1;
}

/** The largest power of two that is not greater, at least 1. */
const powerBelow = (value: number) => 2 ** Math.max(0, Math.floor(Math.log2(value)));
