/**
 * What an encoder makes on its way: of some pretext tasks (rotation, jigsaw) a middle layer knows more than the last one.
 *
 * Zhang et al. 2016, https://arxiv.org/abs/1603.08511, and Gidaris et al. 2018, https://arxiv.org/abs/1803.07728, table 2, probe layer by layer.
 */
import type { Encoder, FrozenEncoder } from "@autodidact/core";
import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

export interface EncoderLayer {
  /** Of a residual network as in its file: `layer3`, or a block of it, `layer3.0`. Of a vision transformer the number of the block, from `0`. */
  readonly name: string;
  readonly featureSize: number;
  /**
   * Standardised images [N, H, W, C] → what the layer gives: of a residual network [N, h, w, featureSize], of a vision transformer
   * [N, 1 + T, featureSize] before the last norm, as Hugging Face's `hidden_states[1 + name]`.
   */
  states(images: Tensor4D): Tensor;
  /** The same over places: their mean, or the state of [CLS] where the encoder's own features are it; [N, featureSize]. */
  features(images: Tensor4D): Tensor2D;
}

export interface LayeredEncoder extends Encoder {
  /** From the pixels on; of a residual network its stages, then their blocks. */
  readonly layers: readonly EncoderLayer[];
}

/** The encoder up to a layer, with that layer's features; refuses a name that it has not. */
export function upToLayer(encoder: Encoder, name: string): FrozenEncoder<Tensor4D> {
  const { layers = [] } = encoder as Partial<LayeredEncoder>;
  const layer = layers.find((other) => other.name === name);
  if (layer === undefined) {
    const known = layers.map((other) => other.name).join(", ");
    throw new RangeError(
      `upToLayer: layer must be one of the encoder's${known && `, ${known}`}, got ${name}. Leave it out for the last one's features.`,
    );
  }
  return Object.assign((images: Tensor4D) => layer.features(images), { featureSize: layer.featureSize });
}
