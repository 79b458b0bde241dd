/**
 * Waves cut into frames that overlap, inside the graph: gathers of blocks, without a copy of one sample at a time.
 */
import {
  div,
  gather,
  mirrorPad,
  pad,
  reshape,
  reverse,
  slice,
  sum,
  type Tensor2D,
  tensor2d,
} from "@tensorflow/tfjs-core";

/** `snip`: only frames that lie within the wave. Otherwise frame i is centred at sample i × hop, with the wave mirrored at its ends or continued by zeros. */
export type Edges = "snip" | "reflect" | "zeros";

export interface Framing {
  readonly windowSamples: number;
  readonly hop: number;
  readonly edges: Edges;
  /** The last frame is left out, as Whisper does. */
  readonly dropsLast: boolean;
}

export function frameCount(samples: number, { windowSamples, hop, edges, dropsLast }: Framing): number {
  const padded = edges === "snip" ? samples : samples + 2 * (windowSamples >> 1);
  const frames = padded < windowSamples ? 0 : 1 + Math.floor((padded - windowSamples) / hop);
  return Math.max(0, frames - (dropsLast ? 1 : 0));
}

/** The fewest samples that give a frame. */
export function shortestWave({ windowSamples, hop, edges, dropsLast }: Framing): number {
  if (edges === "snip") return windowSamples + (dropsLast ? hop : 0);
  const mirrored = edges === "reflect" ? (windowSamples >> 1) + 1 : 1; // the mirror repeats no edge
  return Math.max(mirrored, dropsLast ? hop : 0);
}

/** The waves [N, T] with what the frames at their ends need beside them. */
export function padWaves(waves: Tensor2D, { windowSamples, edges }: Framing): Tensor2D {
  if (edges === "snip") return waves;
  const half = windowSamples >> 1;
  const sides: [number, number][] = [
    [0, 0],
    [half, half],
  ];
  return edges === "zeros" ? pad(waves, sides) : mirrorPad(waves, sides, "reflect");
}

/** Which samples of a frame: `length` ones from `start` on. */
export interface FramePart {
  readonly start: number;
  readonly length: number;
}

/** [N, T] → that part of each frame, [N × F, length]. */
export function frameParts(padded: Tensor2D, { start, length }: FramePart, frames: number, hop: number): Tensor2D {
  const [n] = padded.shape;
  const segment = slice(padded, [0, start], [n, (frames - 1) * hop + length]);
  return overlapping(
    segment,
    length,
    Array.from({ length: frames }, (_, frame) => frame * hop),
  );
}

/** The same, each read from its last sample to its first. */
export function mirroredParts(padded: Tensor2D, { start, length }: FramePart, frames: number, hop: number): Tensor2D {
  const [n] = padded.shape;
  const segment = slice(padded, [0, start], [n, (frames - 1) * hop + length]);
  const starts = Array.from({ length: frames }, (_, frame) => (frames - 1 - frame) * hop);
  return overlapping(reverse(segment, 1), length, starts);
}

/** The mean of each whole frame, [N × F, 1]. */
export function frameMeans(padded: Tensor2D, windowSamples: number, frames: number, hop: number): Tensor2D {
  const [n] = padded.shape;
  const block = greatestCommonDivisor(hop, windowSamples);
  const used = (frames - 1) * hop + windowSamples;
  const sums = sum(reshape(slice(padded, [0, 0], [n, used]), [n, used / block, block]), 2) as Tensor2D; // [N, blocks]
  const starts = Array.from({ length: frames }, (_, frame) => (frame * hop) / block);
  const total = sum(overlapping(sums, windowSamples / block, starts), 1, true); // [N × F, 1]
  return div(total, windowSamples);
}

/** Pieces of a length that begin at `starts`, multiples of what divides all of them and the length. */
function overlapping(waves: Tensor2D, length: number, starts: readonly number[]): Tensor2D {
  const [n, samples] = waves.shape;
  const block = starts.reduce(greatestCommonDivisor, length);
  const perPiece = length / block;
  const places = Int32Array.from(
    { length: starts.length * perPiece },
    (_, i) => starts[Math.floor(i / perPiece)]! / block + (i % perPiece),
  );
  const blocks = reshape(waves, [n, samples / block, block]);
  const pieces = gather(blocks, tensor2d(places, [starts.length, perPiece], "int32"), 1); // [N, F, blocks of a piece, block]
  return reshape(pieces, [n * starts.length, length]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
