/**
 * What a network says of an example, as one row of features.
 */
import type { FeatureTable } from "../features/feature-table.js";

/** `mean`: over tokens, frames or places; `first`: the first token's, as [CLS]. */
export const poolings = ["mean", "first"] as const;
export type Pooling = (typeof poolings)[number];

export interface States {
  /** [N, D], [N, T, D] of tokens or frames, [N, D, H, W] of places. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface PoolOptions {
  /** `mean` unless told. */
  readonly pooling?: Pooling | undefined;
  /** [N, T]: 0 where a token is padding; all count without it. At least one a row. */
  readonly seen?: ArrayLike<number | bigint> | undefined;
}

/** Features [N, D]. Throws where states have another shape. */
export function pooledStates({ shape, values }: States, { pooling = "mean", seen }: PoolOptions = {}): FeatureTable {
  const [count = 0, second = 0, third = 1, fourth] = shape;
  if (shape.length === 2) return { values, count, size: second };
  if (shape.length === 4 && pooling === "mean") return meanOverPlaces(values, count, second, third * fourth!);
  if (shape.length !== 3)
    throw new RangeError(
      `pooledStates: states must be [N, D], [N, T, D], or [N, D, H, W] for the mean, got [${shape}] for ${pooling}. Name another output, or another pooling.`,
    );
  const rows = new Float32Array(count * third);
  for (let n = 0; n < count; n++) {
    const weights = pooling === "first" ? [1] : weightsOf(n, second, seen);
    for (const [t, weight] of weights.entries()) {
      const from = (n * second + t) * third;
      if (weight > 0) for (let d = 0; d < third; d++) rows[n * third + d]! += weight * values[from + d]!;
    }
  }
  return { values: rows, count, size: third };
}

/** Equal ones of the tokens that are seen, which add up to 1. */
function weightsOf(row: number, length: number, seen: PoolOptions["seen"]): number[] {
  const isSeen = Array.from({ length }, (_, t) => seen === undefined || Number(seen[row * length + t]) !== 0);
  const share = 1 / isSeen.filter(Boolean).length;
  return isSeen.map((own) => (own ? share : 0));
}

function meanOverPlaces(values: Float32Array, count: number, size: number, places: number): FeatureTable {
  const rows = Float32Array.from({ length: count * size }, (_, i) => {
    let sum = 0;
    for (let place = 0; place < places; place++) sum += values[i * places + place]!;
    return sum / places;
  });
  return { values: rows, count, size };
}
