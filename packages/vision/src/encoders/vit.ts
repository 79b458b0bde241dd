/**
 * Vision transformers of any size, for images and patches of any size, in the names and shapes of Hugging Face's ViTModel files.
 *
 * Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929; tiny, small and base as in DeiT, https://arxiv.org/abs/2012.12877.
 */
import {
  defineModule,
  dropout,
  layerNorm,
  normalValues,
  parameter,
  type Random,
  rowsAt,
  vitLayer,
} from "@autodidact/core";
import {
  add,
  broadcastTo,
  concat,
  gather,
  matMul,
  mean,
  reshape,
  slice,
  squeeze,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor2d,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { bicubicWeights } from "./bicubic-positions.js";
import type { EncoderLayer, LayeredEncoder } from "./layers.js";
import { patchEmbedding } from "./patch-embedding.js";
import { patchify } from "./patches.js";
import { sincosPositions } from "./sincos-positions.js";
import { type VitOptions, vitConfig, vitOptions } from "./vit-config.js";

/** An encoder that shows what it makes of each patch. */
export interface VisionTransformer extends LayeredEncoder {
  /** How many patches an image has. */
  readonly patches: number;
  readonly patchSize: number;
  readonly channels: number;
  /**
   * Images [N, S, S, C] → states of [CLS] and of each patch, normalised, [N, 1 + T, width]. Of patches that are `kept`, int32 [N, K], places
   * in an image, alone: [N, 1 + K, width]; the others are never computed.
   */
  hiddenStates(images: Tensor4D, kept?: Tensor2D): Tensor3D;
  /**
   * The same encoder for images of another side, which the patches divide: their positions are interpolated, as by Hugging Face's
   * `interpolate_pos_encoding`.
   */
  atSide(side: number): (images: Tensor4D) => Tensor2D;
}

interface Among {
  readonly kept?: Tensor2D | undefined;
  /** Side of the images. */
  readonly size?: number;
}

/** Maps images [N, S, S, C] to features [N, width]. */
export function vit(given: VitOptions): VisionTransformer {
  const options = vitOptions(given);
  const { random, imageSize, patchSize, channels, width, layers: depth, heads, positions, pooling } = options;
  const side = imageSize / patchSize;
  const patches = side * side;

  const isFrozen = options.frozenPatches;
  const projection = patchEmbedding({ patchSize, channels, width, isFrozen, random: random.split("patches") });
  const cls = parameter([1, 1, width], normalValues(0.02), random.split("cls"));
  const shape = [1, 1 + patches, width];
  const isFixed = positions === "sincos";
  const places = isFixed
    ? constant(sincosPositions(width, side), shape)
    : parameter(shape, normalValues(0.02), random.split("positions"));
  const drop = dropout(options.dropout);
  const sizes = { width, heads, hiddenSize: options.hiddenSize, epsilon: options.epsilon };
  const rates = { dropout: options.dropout, attentionDropout: options.attentionDropout };
  const layers = Array.from({ length: depth }, (_, i) => vitLayer({ ...sizes, ...rates }, random.split(`layer ${i}`)));
  const norm = layerNorm(width, { epsilon: options.epsilon });

  /** Of the patches of images that have so many along a side, [T, width]. */
  function positionsOf(newSide: number): Tensor2D {
    const own = squeeze(slice(places, [0, 1, 0], [1, patches, width]), [0]) as Tensor2D;
    return newSide === side ? own : matMul(tensor2d(bicubicWeights(side, newSide), [newSide ** 2, patches]), own);
  }

  function embed(images: Tensor4D, kept?: Tensor2D): Tensor3D {
    const all = patchify(images, patchSize); // [N, T, P·P·C]
    const own = positionsOf(images.shape[1] / patchSize); // [T, width]
    const cut = kept === undefined ? all : rowsAt(all, kept); // [N, K, P·P·C]
    const where = kept === undefined ? own : gather(own, kept); // [T, width] or [N, K, width]
    return add(projection(cut), where);
  }

  /** After the first `count` layers, before the norm. */
  function statesAfter(count: number, images: Tensor4D, { kept, size = imageSize }: Among = {}): Tensor3D {
    assertImages(images, size, channels);
    const [n] = images.shape;
    const first = add(cls, slice(places, [0, 0, 0], [1, 1, width])); // [1, 1, width]
    const embedded = concat([broadcastTo(first, [n, 1, width]), embed(images, kept)], 1) as Tensor3D; // [N, 1 + K, width]
    return layers.slice(0, count).reduce((states, layer) => layer(states), drop(embedded) as Tensor3D);
  }

  function hiddenStates(images: Tensor4D, kept?: Tensor2D): Tensor3D {
    return norm(statesAfter(depth, images, { kept })) as Tensor3D;
  }

  function atSide(size: number): (images: Tensor4D) => Tensor2D {
    if (Number.isInteger(size) && size > 0 && size % patchSize === 0) {
      return (images) => pooled(norm(statesAfter(depth, images, { size })) as Tensor3D);
    }
    throw new RangeError(`vit: the side must be a multiple of the patches' (${patchSize}), got ${size}. Take another.`);
  }

  function pooled(states: Tensor3D): Tensor2D {
    const [n, count] = states.shape;
    if (pooling === "cls") return reshape(slice(states, [0, 0, 0], [n, 1, width]), [n, width]);
    return mean(slice(states, [0, 1, 0], [n, count - 1, width]), 1);
  }

  function layerAt(place: number): EncoderLayer {
    const states = (images: Tensor4D) => statesAfter(place + 1, images);
    return { name: `${place}`, featureSize: width, states, features: (images) => pooled(states(images)) };
  }

  const embedding = { "embeddings.cls_token": cls };
  const position = { "embeddings.position_embeddings": places };
  const module = defineModule((images: Tensor) => pooled(hiddenStates(images as Tensor4D)) as Tensor, {
    parameters: isFixed ? embedding : { ...embedding, ...position },
    buffers: isFixed ? position : {},
    children: [
      ["embeddings.patch_embeddings.projection", projection],
      ...layers.map((layer, i) => [`encoder.layer.${i}`, layer] as const),
      ["layernorm", norm],
    ],
  });
  return Object.assign(module, {
    featureSize: width,
    config: vitConfig(options),
    patches,
    patchSize,
    channels,
    hiddenStates,
    atSide,
    layers: layers.map((_, place) => layerAt(place)),
    again: (stream: Random) => vit({ ...given, random: stream }),
  });
}

export function vitTiny(options: VitOptions): VisionTransformer {
  return vit({ width: 192, layers: 12, heads: 3, ...options });
}

export function vitSmall(options: VitOptions): VisionTransformer {
  return vit({ width: 384, layers: 12, heads: 6, ...options });
}

export function vitBase(options: VitOptions): VisionTransformer {
  return vit({ width: 768, layers: 12, heads: 12, ...options });
}

function constant(values: Float32Array, shape: number[]): Variable {
  return tidy(() => variable(tensor(values, shape), false));
}

function assertImages({ shape }: Tensor4D, size: number, channels: number): void {
  if (shape.length === 4 && shape[1] === size && shape[2] === size && shape[3] === channels) return;
  throw new Error(`vit: images must be [N, ${size}, ${size}, ${channels}], got [${shape}]. Open them in this size.`);
}
