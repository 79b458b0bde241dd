/**
 * Convolutions that make frames of a wave: the feature encoder of wav2vec 2.0, in the names of Hugging Face's `feature_extractor`.
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 2; Schneider et al. 2019, https://arxiv.org/abs/1904.05862.
 */
import {
  conv1d,
  defineModule,
  gelu,
  groupNorm,
  layerNorm,
  type Module,
  normalValues,
  type Random,
} from "@autodidact/core";
import { expandDims, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";

export interface WaveConvolutions {
  readonly channels: readonly number[];
  readonly kernels: readonly number[];
  readonly strides: readonly number[];
  readonly convolutionBias: boolean;
  readonly extractorNorm: "group" | "layer";
}

/** Waves [N, T] → [N, F, channels of the last]. Nothing is padded. */
export function waveConvolutions(options: WaveConvolutions, random: Random): Module<Tensor2D, Tensor3D> {
  const { channels, kernels, strides, convolutionBias: bias, extractorNorm } = options;
  const layers = channels.map((to, i) => {
    const [from, kernelSize] = [channels[i - 1] ?? 1, kernels[i]!];
    const initialize = normalValues(Math.sqrt(2 / (from * kernelSize))); // kaiming normal by fan-in, the authors'
    const stream = random.split(`convolution ${i}`);
    const conv = conv1d(from, to, { kernelSize, stride: strides[i], bias, initialize, random: stream });
    if (extractorNorm === "layer") return { conv, norm: layerNorm(to) };
    return { conv, norm: i === 0 ? groupNorm(to, to) : undefined };
  });

  function forward(waves: Tensor2D): Tensor3D {
    let frames: Tensor = expandDims(waves, 2); // [N, T, 1]
    for (const { conv, norm } of layers) {
      const convolved = conv(frames as Tensor3D); // [N, T′, C]
      frames = gelu(norm ? norm(convolved) : convolved);
    }
    return frames as Tensor3D;
  }

  const children = layers.flatMap(({ conv, norm }, i) => {
    const named = [[`conv_layers.${i}.conv`, conv] as const];
    return norm ? [...named, [`conv_layers.${i}.layer_norm`, norm] as const] : named;
  });
  return defineModule(forward, { children });
}

/** Frames of a wave of so many samples; 0 where it is too short. */
export function framesOf(samples: number, { kernels, strides }: WaveConvolutions): number {
  return kernels.reduce((length, taps, i) => Math.max(0, Math.floor((length - taps) / strides[i]!) + 1), samples);
}

/** The shortest wave that gives a frame, in samples: what one frame sees. */
export function shortestWave({ kernels, strides }: WaveConvolutions): number {
  return kernels.reduceRight((length, taps, i) => (length - 1) * strides[i]! + taps, 1);
}
