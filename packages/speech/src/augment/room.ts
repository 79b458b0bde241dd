/**
 * Recordings as a room gives them back: convolved with noise that dies away.
 *
 * A synthetic impulse: the direct sound, then normal noise under an exponential that falls by 60 dB in the reverberation time (Moorer 1979,
 * "About this reverberation business"). The convolution is a matrix product of overlapping frames with the impulse's Toeplitz matrix, which costs
 * T · (block + K) multiplications a recording of T samples with an impulse of K: long rooms are dear.
 */
import type { Random } from "@autodidact/core";
import {
  add,
  div,
  gather,
  matMul,
  mul,
  pad,
  reshape,
  slice,
  sqrt,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { energy } from "./add-noise.js";

export interface RoomChances {
  /** Seconds in which an echo falls by 60 dB, from and to. */
  reverberationSeconds: readonly [number, number];
  /** How much louder the direct sound is than all echoes together (dB), from and to. */
  directDb: readonly [number, number];
  /** Hz. */
  sampleRate: number;
}

/** Impulses [N, K], 1 at the first place; K has room for the longest reverberation. */
export function drawRooms(
  n: number,
  random: Random,
  { reverberationSeconds, directDb, sampleRate }: RoomChances,
): Tensor2D {
  const length = Math.max(2, Math.ceil(reverberationSeconds[1] * sampleRate));
  const impulses = new Float32Array(n * length); // [N, K]
  for (let row = 0; row < n; row++) {
    const impulse = impulses.subarray(row * length, (row + 1) * length);
    const fall = Math.log(1000) / (random.uniform(...reverberationSeconds) * sampleRate); // 60 dB are a factor of 1,000
    const direct = random.uniform(...directDb);
    let power = 0;
    for (let k = 1; k < length; k++) {
      impulse[k] = random.normal() * Math.exp(-fall * k);
      power += impulse[k]! ** 2;
    }
    const scale = Math.sqrt(10 ** (-direct / 10) / power);
    for (let k = 1; k < length; k++) impulse[k]! *= scale;
    impulse[0] = 1;
  }
  return tensor2d(impulses, [n, length]);
}

/** `waves` [N, T] in rooms of `impulses` [N, K], cut to T samples and brought back to their energy. */
export function reverberate(waves: Tensor2D, impulses: Tensor2D): Tensor2D {
  const wet = convolve(waves, impulses);
  const ratio = div(energy(waves), add(energy(wet), 1e-12)); // [N, 1]
  return mul<Tensor2D>(wet, sqrt(ratio));
}

/** y[t] = Σ_k h[k] · x[t − k], t from 0 to T − 1; each row with its own h. */
export function convolve(waves: Tensor2D, impulses: Tensor2D): Tensor2D {
  const [[n, length], [, taps]] = [waves.shape, impulses.shape];
  const block = 2 ** Math.round(Math.log2(Math.sqrt(length))); // frames and Toeplitz matrices are then of about one size
  const count = Math.ceil(length / block);
  const width = block + taps - 1;
  const padded = padTimes(waves, taps - 1, count * block - length);
  const frames = gather(padded, places({ rows: count, columns: width, at: (f, i) => f * block + i }), 1);
  const spread = padTimes(impulses, block - 1, block - 1);
  const toeplitz = gather(spread, places({ rows: width, columns: block, at: (i, b) => b - i + width - 1 }), 1);
  const wet = matMul(reshape(frames, [n, count, width]), reshape(toeplitz, [n, width, block])); // [N, count, block]
  return slice(reshape(wet, [n, count * block]) as Tensor2D, [0, 0], [n, length]);
}

/** Silence before and after, in samples. */
function padTimes(waves: Tensor2D, before: number, after: number): Tensor2D {
  const none: [number, number] = [0, 0];
  return pad(waves, [none, [before, after]]);
}

interface Places {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
}

function places({ rows, columns, at }: Places): Tensor1D {
  const indices = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) indices[row * columns + column] = at(row, column);
  }
  return tensor1d(indices, "int32");
}
