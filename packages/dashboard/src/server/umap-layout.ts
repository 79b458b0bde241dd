/**
 * Points in the plane, those near to one another that are alike: UMAP of the rows' directions, whose distances order as their cosines do.
 *
 * McInnes et al. 2018, https://arxiv.org/abs/1802.03426, with its authors' usual settings; the same seed gives the same map.
 */
import { createRandom } from "@autodidact/core";
import { UMAP } from "umap-js";

export interface Layout {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface LayoutOptions {
  readonly seed?: number;
  /** Told the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** `values` are [points, size], at least three points. */
export function umapLayout(values: Float32Array, size: number, { seed = 0, onProgress }: LayoutOptions = {}): Layout {
  const points = values.length / size;
  if (points < 3) throw new Error(`umapLayout: a map needs at least 3 points, got ${points}.`);
  const random = createRandom(seed);
  const umap = new UMAP({ nNeighbors: Math.min(15, points - 1), minDist: 0.1, random: () => random.uniform() });
  const epochs = umap.initializeFit(Array.from({ length: points }, (_, point) => directionOf(values, point, size)));
  for (let epoch = umap.step(); epoch < epochs; epoch = umap.step()) onProgress?.(epoch / epochs);
  const places = umap.getEmbedding();
  if (places.some((place) => !place.every(Number.isFinite)))
    throw new Error("umapLayout: the map came out with places that are no numbers. Do all rows hold the same?");
  const rounded = (value: number) => Math.round(1e4 * value) / 1e4;
  return { x: places.map(([x]) => rounded(x!)), y: places.map(([, y]) => rounded(y!)) };
}

/** A row of length 1; one of length 0 as it is. */
function directionOf(values: Float32Array, point: number, size: number): number[] {
  const row = values.subarray(point * size, (point + 1) * size);
  const length = Math.hypot(...row) || 1;
  return Array.from(row, (value) => value / length);
}
