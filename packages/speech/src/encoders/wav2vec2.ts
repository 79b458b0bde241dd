/**
 * wav2vec 2.0's network: convolutions over the wave, then a transformer; in the names and shapes of Hugging Face's Wav2Vec2Model files.
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 2.
 */
import {
  defineModule,
  dropout,
  dropPath,
  isTraining,
  layerNorm,
  linear,
  type Module,
  parameter,
  type Random,
  uniformValues,
} from "@autodidact/core";
import {
  add,
  expandDims,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { positionalConvolution } from "./positional-convolution.js";
import type { FrameEncoder } from "./speech-encoder.js";
import { type Wav2vec2Options, wav2vec2Config, wav2vec2Options } from "./wav2vec2-config.js";
import { wav2vec2Layer } from "./wav2vec2-layer.js";
import { framesOf, shortestWave, waveConvolutions } from "./wave-convolutions.js";

/** Features are what the convolutions make of the wave, normalised; states are taken before each layer and after the last. */
export interface Wav2vec2Encoder extends FrameEncoder {
  /** What the convolutions make of waves [N, T], not yet normalised, [N, F, M]. */
  convolved(waves: Tensor2D): Tensor3D;
  /** Features of that. */
  normalized(convolved: Tensor3D): Tensor3D;
  /** Where `mask` [N, F] is 1, the layers see `maskEmbedding` in the feature's place. */
  states(features: Tensor3D, mask?: Tensor2D): Tensor3D[];
  /**
   * What stands for a hidden frame, `masked_spec_embed`. It is saved with the encoder but no parameter of it: without masks no gradient reaches
   * it. A method that masks lists it among what it learns.
   */
  readonly maskEmbedding: Module<never, unknown>;
}

/** Maps waves [N, T] to the mean of the last states over frames, [N, width]. The sizes unless told are small: 2.4 million parameters. */
export function wav2vec2(given: Wav2vec2Options): Wav2vec2Encoder {
  const options = wav2vec2Options(given);
  const { random, channels, width, epsilon, order } = options;
  const bands = channels.at(-1)!;

  const extractor = waveConvolutions(options, random.split("convolutions"));
  const featureNorm = layerNorm(bands, { epsilon });
  const bound = uniformValues(1 / Math.sqrt(bands));
  const projection = linear(bands, width, {
    initialize: bound,
    initializeBias: bound,
    random: random.split("projection"),
  });
  const masked = parameter([width], (shape, stream) => stream.uniforms(shape[0]!), random.split("mask"));
  const positions = positionalConvolution(width, {
    kernelSize: options.positionKernel,
    groups: options.positionGroups,
    random: random.split("positions"),
  });
  const norm = layerNorm(width, { epsilon });
  const layers = Array.from({ length: options.layers }, (_, i) => wav2vec2Layer(options, random.split(`layer ${i}`)));
  const [drop, dropProjected] = [dropout(options.dropout), dropout(options.projectionDropout)];
  const path = dropPath(options.layerDrop);

  function convolved(waves: Tensor2D): Tensor3D {
    const shortest = shortestWave(options);
    if (waves.rank !== 2 || waves.shape[1]! < shortest) {
      throw new Error(
        `wav2vec2: waves must be [N, T] with T at least ${shortest}, got [${waves.shape}]. Take longer crops.`,
      );
    }
    return extractor(options.normalize ? ofUnitVariance(waves) : waves);
  }
  const normalized = (frames: Tensor3D) => featureNorm(frames) as Tensor3D;

  function states(features: Tensor3D, mask?: Tensor2D): Tensor3D[] {
    const projected = dropProjected(projection(features)) as Tensor3D; // [N, F, width]
    const seen = mask === undefined ? projected : hidden(projected, expandDims(mask, 2), masked);
    const placed = add(seen, positions(seen));
    const all = [drop(order === "post" ? norm(placed) : placed) as Tensor3D];
    for (const layer of layers) all.push(leavingOut(all.at(-1)!, layer));
    if (order === "pre") all.push(norm(all.pop()!) as Tensor3D);
    return all;
  }

  /** h + keep (f(h) − h), so that a layer left out changes nothing and one that is not is as it is in evaluation. */
  function leavingOut(state: Tensor3D, layer: Module<Tensor3D, Tensor3D>): Tensor3D {
    if (options.layerDrop === 0) return layer(state);
    const change = path(sub(layer(state), state)); // 0, or larger by 1 / (1 − rate) in training
    return add(state, isTraining() ? mul(change, 1 - options.layerDrop) : change);
  }

  const features = (waves: Tensor2D) => normalized(convolved(waves));
  const forward = (waves: Tensor) => mean(states(features(waves as Tensor2D)).at(-1)!, 1); // [N, width]

  const module = defineModule(forward, {
    buffers: { masked_spec_embed: masked },
    children: [
      ["feature_extractor", extractor],
      ["feature_projection.layer_norm", featureNorm],
      ["feature_projection.projection", projection],
      ["encoder.pos_conv_embed", positions],
      ["encoder.layer_norm", norm],
      ...layers.map((layer, i) => [`encoder.layers.${i}`, layer] as const),
    ],
  });
  return Object.assign(module, {
    featureSize: width,
    config: wav2vec2Config(options),
    sampleRate: options.sampleRate,
    shortest: shortestWave(options),
    frames: (samples: number) => framesOf(samples, options),
    bands,
    convolved,
    normalized,
    features,
    states,
    maskEmbedding: defineModule(() => masked, { parameters: { masked_spec_embed: masked } }),
    again: (stream: Random) => wav2vec2({ ...given, random: stream }),
  });
}

/** The authors' base: 95 million parameters. */
export function wav2vec2Base(options: Wav2vec2Options): Wav2vec2Encoder {
  return wav2vec2({ channels: [512, 512, 512, 512, 512, 512, 512], width: 768, layers: 12, heads: 12, ...options });
}

/** Each wave less its mean and divided by its deviation, as Wav2Vec2FeatureExtractor's. */
function ofUnitVariance(waves: Tensor2D): Tensor2D {
  const centred = sub(waves, mean(waves, 1, true)); // [N, T]
  return mul(centred, rsqrt(add(mean(square(centred), 1, true), 1e-7)));
}

function hidden(states: Tensor3D, mask: Tensor, embedding: Tensor): Tensor3D {
  return add(mul(states, sub(1, mask)), mul(mask, embedding));
}
