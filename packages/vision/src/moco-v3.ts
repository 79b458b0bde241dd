/**
 * MoCo v3: what a view embeds to, moved on by a predictor, finds the key of the other view among those of its batch. No queue.
 *
 * Chen et al. 2021, https://arxiv.org/abs/2104.02057, Algorithm 1; the heads as in https://github.com/facebookresearch/moco-v3.
 */
import {
  crossEntropy,
  type Encoder,
  l2Normalize,
  type Method,
  mlp,
  moveTowards,
  type Random,
  risingMomentum,
  twin,
  withoutGradient,
} from "@autodidact/core";
import { add, div, matMul, mul, range, type Scalar, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";
import type { TwoViews } from "./simclr.js";

export interface MocoV3Options {
  /** τ. The authors use 0.2 for vision transformers, 1 for ResNet-50. */
  temperature?: number;
  /** m at the start, by which the key encoder stays as it was; it rises to 1 by a cosine. The authors use 0.99. */
  momentum?: number;
  /** Of projector and predictor. The authors use 4,096. */
  hiddenSize?: number;
  /** Size of q and k. The authors use 256. */
  projectionSize?: number;
  /** The authors use 3 for vision transformers and 2 for ResNets. */
  projectorLayers?: number;
  /** Whether a norm ends the predictor: for vision transformers it does, for ResNets it does not. */
  predictorNorm?: boolean;
}

/** Of a vision transformer the authors do not learn the patches' embedding (`frozenPatches`) and fix the positions (`sincos`). A loss of 4τ ln N is chance. */
export function mocoV3(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: MocoV3Options = {},
): Method<Image, TwoViews> {
  const { temperature = 0.2, momentum = 0.99, hiddenSize = 4096, projectionSize = 256 } = options;
  const { projectorLayers = 3, predictorNorm = true } = options;
  const head = (from: number, layers: number, name: string, isNormed = true) =>
    mlp([from, ...Array<number>(layers - 1).fill(hiddenSize), projectionSize], {
      random: random.split(name),
      batchNorm: isNormed ? "all" : "hidden",
      outputBias: false,
      outputAffine: false,
    });
  const project = () => head(encoder.featureSize, projectorLayers, "projector");
  const [projector, keyProjector] = [project(), project()]; // of one stream: they start alike
  const predictor = head(projectionSize, 2, "predictor", predictorNorm);
  const keyEncoder = twin(encoder);

  const toQuery = (view: Tensor4D) => predictor(projector(encoder(view))) as Tensor2D; // q, [N, projectionSize]
  const toKey = (view: Tensor4D) => withoutGradient(() => keyProjector(keyEncoder(view)) as Tensor2D); // k

  return {
    name: "moco-v3",
    encoder,
    learned: { encoder, projector, predictor },
    carried: { keyEncoder, keyProjector },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      first: augment.draw(images.length, chance),
      second: augment.draw(images.length, chance),
    }),
    loss: ({ images, first, second }) => {
      const [one, other] = [augment(images, first), augment(images, second)]; // [N, H, W, C] each
      const contrast = (query: Tensor2D, key: Tensor2D) => contrasted(query, key, temperature);
      const [query, otherQuery, key, otherKey] = [toQuery(one), toQuery(other), toKey(one), toKey(other)];
      return add(contrast(query, otherKey), contrast(otherQuery, key));
    },
    afterStep: (progress) => {
      const now = risingMomentum(momentum, progress);
      moveTowards(keyEncoder, encoder, now);
      moveTowards(keyProjector, projector, now);
    },
  };
}

/** 2τ · cross-entropy of each query among the keys of its batch. */
function contrasted(query: Tensor2D, key: Tensor2D, temperature: number): Scalar {
  const logits = div(matMul(l2Normalize(query), l2Normalize(key), false, true), temperature) as Tensor2D; // [N, N]
  return mul(crossEntropy(logits, range(0, query.shape[0], 1, "int32")), 2 * temperature);
}
