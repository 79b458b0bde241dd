/**
 * What encodes recordings: waves go in, the front end is inside.
 */
import type { Encoder } from "@autodidact/core";
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";

/** Maps waves [N, T], −1 to 1, to one embedding each [N, featureSize]. All of a wave counts; nothing is padded but by encoders that have a `longest`. */
export interface SpeechEncoder extends Encoder<Tensor2D> {
  /** Of the waves (Hz). */
  readonly sampleRate: number;
  /** The shortest wave that it takes, in samples. */
  readonly shortest: number;
  /** The longest, in samples, of encoders whose input has one length, to which shorter waves are filled up; any length unless told. */
  readonly longest?: number;
  /** An embedding by each layer's states, [N, featureSize], the first by what enters the layers; encoders of frames have states in their place. */
  layerFeatures?(waves: Tensor2D): Tensor2D[];
}

/** An encoder whose embedding is the mean of its frames' states. */
export interface FrameEncoder extends SpeechEncoder {
  /** Frames of a wave of so many samples. */
  frames(samples: number): number;
  /** What enters the network, [N, F, M]: log-mel bands, or what convolutions make of the wave. */
  features(waves: Tensor2D): Tensor3D;
  /** Bands, M. */
  readonly bands: number;
  /** Frames' states from those features, [N, F, featureSize] each: first what enters the first layer, then what each layer gives. */
  states(features: Tensor3D): Tensor3D[];
}
