/**
 * What an encoder makes of places: a residual network's last stages, a vision transformer's patches, as one map [N, h, w, C].
 */
import type { Encoder } from "@autodidact/core";
import { concat, reshape, slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { enlargeMap } from "./resize-map.js";
import type { ResidualNetwork } from "./resnet.js";
import type { VisionTransformer } from "./vit.js";

export interface FeatureMaps {
  /** Standardised images [N, S, S, C] → [N, h, w, channels]. */
  (images: Tensor4D): Tensor4D;
  readonly channels: number;
  /** Cells along a side of the map of images of so many pixels. */
  sideOf(imageSide: number): number;
}

export interface FeatureMapsOptions {
  /**
   * Of a residual network: its last stage alone, or beside it the one before, to whose side the last is enlarged. 2 unless told. A vision
   * transformer has its patches' last states.
   */
  readonly stages?: 1 | 2 | undefined;
}

export function featureMaps(encoder: Encoder, { stages = 2 }: FeatureMapsOptions = {}): FeatureMaps {
  if (isTransformer(encoder)) return patchMaps(encoder);
  if (isResidual(encoder)) return stageMaps(encoder, stages);
  throw new Error(
    `featureMaps: the encoder must be a residual network or a vision transformer, got ${JSON.stringify(encoder.config.model_type)}.`,
  );
}

function patchMaps(encoder: VisionTransformer): FeatureMaps {
  const side = Math.sqrt(encoder.patches);
  const maps = (images: Tensor4D): Tensor4D => {
    const states = encoder.hiddenStates(images); // [N, 1 + T, width]
    const [n, , width] = states.shape;
    return reshape(slice(states, [0, 1, 0], [n, encoder.patches, width]), [n, side, side, width]);
  };
  return Object.assign(maps, { channels: encoder.featureSize, sideOf: () => side });
}

function stageMaps(encoder: ResidualNetwork, stages: 1 | 2): FeatureMaps {
  const taken = encoder.stageChannels.slice(-stages);
  const maps = (images: Tensor4D): Tensor4D => {
    const [first, ...others] = encoder.stageMaps(images).slice(-stages) as [Tensor4D, ...Tensor4D[]];
    const [, height, width] = first.shape;
    return others.length === 0 ? first : concat([first, ...others.map((map) => enlargeMap(map, height, width))], 3);
  };
  const isSmall = encoder.config.stem === "cifar";
  const halvings = (isSmall ? 0 : 2) + 4 - stages; // the first stage keeps the stem's side
  const sideOf = (imageSide: number) => {
    let side = imageSide;
    for (let i = 0; i < halvings; i += 1) side = Math.ceil(side / 2); // each has a kernel over the border
    return side;
  };
  return Object.assign(maps, { channels: taken.reduce((sum, own) => sum + own, 0), sideOf });
}

const isTransformer = (encoder: Encoder): encoder is VisionTransformer => "hiddenStates" in encoder;
const isResidual = (encoder: Encoder): encoder is ResidualNetwork => "stageMaps" in encoder;
