/**
 * Jigsaw: in which of some orders do the tiles of an image lie? Whoever tells knows what its parts look like and how they belong together.
 *
 * Noroozi and Favaro 2016, https://arxiv.org/abs/1603.09246; the head is that of VISSL (Goyal et al. 2019, https://arxiv.org/abs/1905.01235).
 *
 * A view is cut into 3 × 3 cells, a tile is three quarters of a cell at a random place in it, so that no line goes on from tile to tile: of 255
 * pixels a cell has 85 and a tile 64, as the authors', of 32 pixels 10 and 8. When nothing is learned the loss stands at the logarithm of the
 * number of permutations (of 100: 4.605). The loss is a mean over images: 4 × 16 accumulated are 1 × 64 but for what batch norm makes of
 * smaller batches.
 */
import { batchNorm, crossEntropy, type Encoder, linear, type Method, type Random, sequential } from "@autodidact/core";
import { relu, reshape, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { distantPermutations } from "./distant-permutations.js";
import { type Image, stackImages } from "./image.js";
import { cutTiles, drawTiles, normalizeTiles, puzzleLayout } from "./jigsaw-tiles.js";
import { pretextAccuracy } from "./pretext-accuracy.js";
import type { OneView } from "./rotation.js";

export interface JigsawOptions {
  /** Cells along a side: 3, as the authors have, or 2. */
  grid?: number;
  /** Orders to be told apart: 100, as in VISSL's smallest set; all 24 of 2 × 2 tiles. */
  permutations?: number;
  /** Features of a tile that the classifier sees. VISSL has 1,000 for ResNet-50; small encoders learn with 128 where that many make steps too large. */
  tileSize?: number;
}

/** Where each place's tile begins among the pixels of the view, int32 [N, T], and which permutation that is, int32 [N]. */
export type ShuffledTiles = OneView & { readonly starts: Tensor2D; readonly labels: Tensor1D };

/** Views should be gray by a probability of 0.66, as VISSL's: a lens's fringes of colour tell where in an image a tile was. */
export function jigsaw(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: JigsawOptions = {},
): Method<Image, ShuffledTiles> {
  const { grid = 3, permutations = grid === 2 ? 24 : 100, tileSize = 1000 } = options;
  assertWithoutPositions(encoder);
  const layout = puzzleLayout(augment.size, grid);
  const orders = distantPermutations(grid ** 2, permutations);
  const tower = sequential([
    linear(encoder.featureSize, tileSize, { random: random.split("tower"), bias: false }),
    batchNorm(tileSize),
    relu,
  ]);
  const classifier = linear(grid ** 2 * tileSize, permutations, { random: random.split("classifier") });

  const answer = ({ images, view, starts }: ShuffledTiles) => {
    const tiles = normalizeTiles(cutTiles(augment(images, view), starts, layout.tile)); // [N·T, tile, tile, C]
    const seen = tower(encoder(tiles)); // the same for every place, [N·T, tileSize]
    return classifier(reshape(seen, [images.shape[0], -1])) as Tensor2D; // [N, permutations]
  };

  return {
    name: "jigsaw",
    encoder,
    learned: { encoder, tower, classifier },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      view: augment.draw(images.length, chance),
      ...drawTiles(images.length, orders, layout, chance),
    }),
    loss: (batch) => crossEntropy(answer(batch), batch.labels),
    metrics: (batch) => ({ pretextAccuracy: pretextAccuracy(answer(batch), batch.labels) }),
  };
}

/** An encoder that tells places apart by embeddings of its own (a ViT) is told by them where a patch is, and a tile has fewer places than a view. */
function assertWithoutPositions({ parameters, buffers, config }: Encoder): void {
  const names = [...Object.keys(parameters), ...Object.keys(buffers)];
  const position = names.find((name) => name.includes("position_embedding"));
  if (position === undefined && !("patch_size" in config)) return;
  throw new Error(
    `jigsaw: the encoder must not have position embeddings, and this one (${config.model_type ?? "of no known type"}) has ` +
      `${position ?? "patches"}: they are learned for the places of whole views, and a tile has places of its own. Take a ResNet.`,
  );
}
