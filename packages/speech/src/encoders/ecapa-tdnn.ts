/**
 * ECAPA-TDNN: an embedding of who speaks, by dilated convolutions over time and attentive statistics of what they find.
 *
 * Desplanques et al. 2020, https://arxiv.org/abs/2005.07143, figure 2. In the form, names and shapes of wespeaker's `ECAPA_TDNN` with global
 * context (https://github.com/wenet-e2e/wespeaker): zeros as padding, each block after the one before it alone, no norm of the embedding;
 * less pool.linear2.bias, which cancels.
 */
import { batchNorm, conv1d, defineModule, linear, type Random } from "@autodidact/core";
import { concat, relu, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { FrontEnd } from "../features/front-end.js";
import { frontEndFromConfig } from "../features/front-end-from-config.js";
import { contextualStatistics } from "./attentive-statistics.js";
import { convolutionNorm, seRes2Block } from "./se-res2-block.js";
import type { SpeechEncoder } from "./speech-encoder.js";

export interface EcapaTdnnOptions {
  /**
   * Where recordings last seconds, it should bring each one's bands to a mean of 0 over time: the colour of a microphone is not who speaks. Of a
   * single word that mean is much of the voice: there give `logMel` fixed numbers (`normalize: { mean, deviation }`).
   */
  frontEnd: FrontEnd;
  random: Random;
  /** 512 unless told, or 1,024 in the paper; fewer for small machines. A multiple of `scale`. */
  channels?: number;
  /** Size of the embedding, the paper's 192 unless told. */
  embeddingSize?: number;
  /** Channels between both layers of squeeze and excitation, and of the attention; the paper's 128 unless told. */
  bottleneck?: number;
  /** Parts of the channels in each Res2Net convolution, the paper's 8 unless told. */
  scale?: number;
}

export const ECAPA_TDNN = "ecapa-tdnn";

/** Of the three blocks. */
const dilations = [2, 3, 4] as const;

/** Maps waves [N, T] to embeddings [N, embeddingSize]. */
export function ecapaTdnn(options: EcapaTdnnOptions): SpeechEncoder {
  const { frontEnd, random, channels = 512, embeddingSize = 192, bottleneck = 128, scale = 8 } = options;
  assertPossible({ channels, embeddingSize, bottleneck, scale });
  const layer1 = convolutionNorm(frontEnd.bands, channels, 5, random.split("layer1"));
  const blocks = dilations.map((dilation, i) =>
    seRes2Block({ channels, dilation, scale, bottleneck, random: random.split(`layer${i + 2}`) }),
  );
  const gathered = blocks.length * channels;
  const conv = conv1d(gathered, gathered, { kernelSize: 1, random: random.split("conv") });
  const pool = contextualStatistics({ channels: gathered, bottleneck, random: random.split("pool") });
  const bn = batchNorm(2 * gathered);
  const last = linear(2 * gathered, embeddingSize, { random: random.split("linear") });

  function forward(waves: Tensor2D): Tensor {
    const found: Tensor[] = [layer1(frontEnd(waves))]; // [N, F, channels]
    for (const block of blocks) found.push(block(found.at(-1)!));
    const all = concat(found.slice(1), 2) as Tensor3D; // multi-layer feature aggregation: [N, F, 3 channels]
    const frames = relu(conv(all)); // [N, F, 3 channels]
    return last(bn(pool(frames))); // [N, embeddingSize]
  }

  const named = blocks.map((block, i) => [`layer${i + 2}`, block] as const);
  const module = defineModule(forward, {
    children: [["layer1", layer1], ...named, ["conv", conv], ["pool", pool], ["bn", bn], ["linear", last]],
  });
  return Object.assign(module, {
    featureSize: embeddingSize,
    sampleRate: frontEnd.sampleRate,
    shortest: frontEnd.shortest + frontEnd.hop, // two frames: one has no deviation
    config: { model_type: ECAPA_TDNN, channels, embeddingSize, bottleneck, scale, frontEnd: frontEnd.config },
    again: (stream: Random) => ecapaTdnn({ ...options, random: stream }),
  });
}

/** The encoder of `encoder.config`, with new weights. */
export function ecapaTdnnFromConfig(config: Readonly<Record<string, unknown>>, random: Random): SpeechEncoder {
  const { model_type: _, frontEnd, ...sizes } = config;
  return ecapaTdnn({ ...sizes, random, frontEnd: frontEndFromConfig(Object(frontEnd)) });
}

function assertPossible(sizes: Required<Omit<EcapaTdnnOptions, "frontEnd" | "random">>): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`ecapaTdnn: ${name} must be a whole number above 0, got ${value}.`);
  }
  const { channels, scale } = sizes;
  if (scale < 2 || channels % scale !== 0) {
    throw new RangeError(
      `ecapaTdnn: channels must be a multiple of scale, and scale at least 2, got ${channels} channels and scale ${scale}.`,
    );
  }
}
