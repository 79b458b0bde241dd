/**
 * What turns waves into the frames that encoders see.
 */
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";

/** Maps waves [N, T], −1 to 1, to bands [N, F, M], inside the graph. */
export interface FrontEnd {
  (waves: Tensor2D): Tensor3D;
  readonly bands: number;
  /** Of the waves (Hz). */
  readonly sampleRate: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** The shortest wave that gives a frame, in samples. */
  readonly shortest: number;
  /** Frames of a wave of so many samples. */
  frames(samples: number): number;
  /** Plain JSON from which it is made again. */
  readonly config: Readonly<Record<string, unknown>>;
}
