/**
 * Waves cut into frames that overlap, inside the graph: a gather of blocks, without a copy of one sample at a time.
 */
import { gather, mirrorPad, pad, reshape, slice, type Tensor2D, type Tensor3D, tensor2d } from "@tensorflow/tfjs-core";

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

/** [N, T] → [N, F, windowSamples]. */
export function frameWaves(waves: Tensor2D, framing: Framing): Tensor3D {
  const { windowSamples, hop } = framing;
  const [n, samples] = waves.shape;
  const frames = frameCount(samples, framing);
  const block = greatestCommonDivisor(hop, windowSamples);
  const used = (frames - 1) * hop + windowSamples;
  const blocks = reshape(slice(padded(waves, framing), [0, 0], [n, used]), [n, used / block, block]);
  const perFrame = windowSamples / block;
  const places = Int32Array.from(
    { length: frames * perFrame },
    (_, i) => Math.floor(i / perFrame) * (hop / block) + (i % perFrame),
  );
  const framed = gather(blocks, tensor2d(places, [frames, perFrame], "int32"), 1); // [N, F, blocks of a frame, block]
  return reshape(framed, [n, frames, windowSamples]);
}

function padded(waves: Tensor2D, { windowSamples, edges }: Framing): Tensor2D {
  if (edges === "snip") return waves;
  const half = windowSamples >> 1;
  const sides: [number, number][] = [
    [0, 0],
    [half, half],
  ];
  return edges === "zeros" ? pad(waves, sides) : mirrorPad(waves, sides, "reflect");
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
