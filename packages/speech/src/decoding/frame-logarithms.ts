/**
 * What a model finds in recordings, frame by frame: computed in batches of few lengths, long recordings window by window.
 */
import { compileStep } from "@autodidact/core";
import { logSoftmax, type Tensor2D } from "@tensorflow/tfjs-core";
import type { CtcModel } from "../finetuning/ctc-model.js";
import { ownFrames } from "../finetuning/ctc-training.js";
import { filledWaves, fittingLength, utteranceLengths } from "../finetuning/utterance-lengths.js";
import { frameStride, type RecordingWindow, recordingWindows } from "./recording-windows.js";

/** ln p of each class at each frame. */
export interface FrameLogarithms {
  /** [F, V], row by row. */
  readonly values: Float32Array;
  readonly frames: number;
  readonly classes: number;
}

export interface Listener {
  /** Samples from one frame to the next. */
  readonly stride: number;
  /** Those of each recording, by the model's weights as they are now. */
  hear(recordings: readonly Float32Array[]): Promise<FrameLogarithms[]>;
  /** Releases the compiled graphs. */
  dispose(): void;
}

export interface ListenerOptions {
  readonly windowSeconds: number;
  readonly overlapSeconds: number;
  readonly batchSize: number;
}

export function listener(model: CtcModel, { windowSeconds, overlapSeconds, batchSize }: ListenerOptions): Listener {
  const { shortest, sampleRate, frames } = model.encoder;
  const stride = frameStride({ shortest, frames });
  const window = Math.max(shortest, Math.round(windowSeconds * sampleRate));
  const cutting = { stride, window, overlap: Math.round(overlapSeconds * sampleRate), frames: framesOf };
  const step = compileStep(({ waves }: { waves: Tensor2D }) => ({ logarithms: logSoftmax(model(waves)) }));

  function framesOf(samples: number): number {
    return ownFrames(model, samples);
  }

  async function hear(recordings: readonly Float32Array[]): Promise<FrameLogarithms[]> {
    const windows = recordings.map(({ length }) => recordingWindows(length, cutting));
    const pieces = windows.flatMap((cut, n) =>
      cut.map(({ start, samples }) => recordings[n]!.subarray(start, start + samples)),
    );
    const found = await hearEach(pieces);
    return windows.map((cut) => joined(cut, found.splice(0, cut.length)));
  }

  /** Pieces that fit a window, batch by batch of those of like length. */
  async function hearEach(pieces: readonly Float32Array[]): Promise<FrameLogarithms[]> {
    const lengths = utteranceLengths(
      Float64Array.from(pieces, (piece) => piece.length),
      { shortest },
    );
    const size = Math.min(batchSize, pieces.length);
    const found: FrameLogarithms[] = [];
    for (const length of lengths) {
      const rows = [...pieces.keys()].filter((row) => fittingLength(lengths, pieces[row]!.length) === length);
      for (let start = 0; start < rows.length; start += size) {
        const some = rows.slice(start, start + size);
        const heard = await hearBatch(
          some.map((row) => pieces[row]!),
          { length, size },
        );
        for (const [i, row] of some.entries()) found[row] = heard[i]!;
      }
    }
    return found;
  }

  async function hearBatch(pieces: readonly Float32Array[], { length, size }: { length: number; size: number }) {
    const all = [...pieces, ...Array<Float32Array>(size - pieces.length).fill(pieces[0]!)]; // one graph for all of a length
    const waves = filledWaves(all, length);
    const { logarithms } = await step({ waves }).finally(() => waves.dispose());
    const [, each, classes] = logarithms.shape; // [N, F, V]
    const values = (await logarithms.data()) as Float32Array;
    logarithms.dispose();
    return pieces.map((piece, i): FrameLogarithms => {
      const own = Math.min(each, framesOf(piece.length));
      return { values: values.slice(i * each * classes, (i * each + own) * classes), frames: own, classes };
    });
  }

  return { stride, hear, dispose: step.dispose };
}

/** The kept frames of each window, one behind the other. */
function joined(windows: readonly RecordingWindow[], found: readonly FrameLogarithms[]): FrameLogarithms {
  const { classes } = found[0]!;
  const kept = windows.map(({ kept: [from, to] }, i) => found[i]!.values.subarray(from * classes, to * classes));
  const values = new Float32Array(kept.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of kept) {
    values.set(part, offset);
    offset += part.length;
  }
  return { values, frames: values.length / classes, classes };
}
