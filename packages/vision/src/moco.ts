/**
 * MoCo v2: a view of an image finds the key of another view among the keys of many earlier batches.
 *
 * He et al. 2019, https://arxiv.org/abs/1911.05722, Algorithm 1; Chen et al. 2020, https://arxiv.org/abs/2003.04297.
 */
import {
  type Encoder,
  infoNce,
  l2Normalize,
  type Method,
  mlp,
  moveTowards,
  queue,
  type Random,
  twin,
  withoutGradient,
} from "@autodidact/core";
import { gather, type Tensor1D, type Tensor2D, type Tensor4D, tensor1d } from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";
import type { TwoViews } from "./simclr.js";

export interface MocoOptions {
  /** τ. The authors use 0.2 for ImageNet and 0.1 for CIFAR-10. */
  temperature?: number;
  /** m, by which the key encoder stays as it was. The authors use 0.999 for ImageNet and 0.99 for CIFAR-10. */
  momentum?: number;
  /** K, the keys that are remembered; far fewer than there are images. The authors use 65,536 for ImageNet and 4,096 for CIFAR-10. */
  queueSize?: number;
  /** Size of q and k. */
  projectionSize?: number;
}

/** Keys are made in another order, so that their batch norms see other groups than the queries'; `back` undoes it. */
export type ShuffledViews = TwoViews & { readonly shuffle: { readonly order: Tensor1D; readonly back: Tensor1D } };

/** Batch norms need groups (resnet's `normGroups`): by statistics of the whole batch, a query would know its key. */
export function moco(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: MocoOptions = {},
): Method<Image, ShuffledViews, { keys: Tensor2D }> {
  const { temperature = 0.2, momentum = 0.999, queueSize = 65_536, projectionSize = 128 } = options;
  const head = () => mlp([encoder.featureSize, encoder.featureSize, projectionSize], { random });
  const [projector, keyProjector] = [head(), head()]; // of one stream: they start alike
  const keyEncoder = twin(encoder);
  const past = queue(queueSize, projectionSize, random.split("queue"));
  const toKeys = (view: Tensor4D) => l2Normalize(keyProjector(keyEncoder(view))) as Tensor2D; // k = f_k(x)

  return {
    name: "moco",
    encoder,
    learned: { encoder, projector },
    carried: { keyEncoder, keyProjector, queue: past },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      first: augment.draw(images.length, chance),
      second: augment.draw(images.length, chance),
      shuffle: drawShuffle(images.length, chance),
    }),
    loss: ({ images, first, second, shuffle: { order, back } }) => {
      const query = projector(encoder(augment(images, first))) as Tensor2D; // q = f_q(x), [N, projectionSize]
      const keys = withoutGradient(() => gather(toKeys(gather(augment(images, second), order)), back)); // as many
      const negatives = withoutGradient(() => past.rows as Tensor2D); // [queueSize, projectionSize]
      return { loss: infoNce(query, keys, negatives, { temperature }), made: { keys } };
    },
    remember: ({ keys }) => past.push(keys), // enqueue and dequeue
    afterStep: () => {
      moveTowards(keyEncoder, encoder, momentum); // θ_k = m θ_k + (1 − m) θ_q
      moveTowards(keyProjector, projector, momentum);
    },
  };
}

function drawShuffle(n: number, chance: Random) {
  const order = Int32Array.from(chance.permutation(n));
  const back = Int32Array.from(order, (_, sample) => order.indexOf(sample));
  return { order: tensor1d(order, "int32"), back: tensor1d(back, "int32") };
}
