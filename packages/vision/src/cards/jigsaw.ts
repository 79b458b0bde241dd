/**
 * Jigsaw's card.
 */

import { whole } from "@autodidact/core/cards";
import { jigsaw as method } from "../jigsaw.js";
import { imageMethod } from "./image-card.js";

/** Orders of 2 × 2 tiles. */
const OF_FOUR = 24;
/** Pixels of a cell, below which its tile shows nothing. */
const SMALLEST_CELL = 5;

export const jigsaw = imageMethod({
  name: "jigsaw",
  summary: "tells in which of many orders the tiles of an image lie",
  options: {
    grid: whole(3, "tiles along a side, 2 or 3", { from: 2, to: 3 }),
    permutations: whole(100, "orders to tell apart, of { grid: 2 } at most 24", { from: 2, to: 1000 }),
    tileSize: whole("of a tile's features, that the orders are told by", {
      usually: "as the augmentation, 1000 or 128",
    }),
  },
  // VISSL's for ResNet-50. So wide a head makes steps too large for what a small encoder and few images can bear.
  defaults: ({ preset }) => ({ tileSize: preset === "imagenet" ? 1000 : 128 }),
  refuse({ grid, permutations }, { data: { size } }) {
    if (grid === 2 && permutations > OF_FOUR) {
      return `\`permutations\` must be ${OF_FOUR} at most with { grid: 2 }, all orders that four tiles have, got ${permutations}. Say { permutations: ${OF_FOUR} }.`;
    }
    if (size < grid * SMALLEST_CELL) {
      return `\`imageSize\` must be ${grid * SMALLEST_CELL} at least for { grid: ${grid} }, so that tiles have 4 pixels, got ${size}. Raise it.`;
    }
  },
  // VISSL's: whole images, mirrored, two thirds of them gray.
  usual: { cropArea: [0.8, 1], jitterStrength: 0, grayProbability: 0.66, blurProbability: 0, rotationDegrees: 0 },
  families: { resnet: "a ViT's positions are those of whole views, and a tile has places of its own" },
  rates: { sgd: { learningRate: 0.1, weightDecay: 1e-4 } },
  chance: ({ permutations }) => ({ loss: Math.log(permutations), is: "the logarithm of the permutations" }),
  make: ({ encoder, augment, random, options }) => method(encoder, augment, random, options),
});
