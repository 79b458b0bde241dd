/**
 * The rows of a stream of features that lie nearest to one: what looks alike to an encoder.
 */
import type { Embedded } from "./embed.js";

/** A row by its name, and how alike it is. */
export interface Neighbour {
  readonly id: string;
  /** The cosine of the angle between both, -1 to 1. */
  readonly similarity: number;
}

export interface NearestOptions {
  /** 8 unless told. */
  readonly count?: number | undefined;
  /** Whether a row is no neighbour: the query itself. Asked of rows alone that would be among the nearest. */
  readonly isLeftOut?: ((id: string) => boolean | Promise<boolean>) | undefined;
}

/** The `count` rows of greatest cosine similarity, the most alike first, of equals the earlier one; `query` is one row [size]. Only those are kept. */
export async function nearestRows(
  query: Float32Array,
  embedded: AsyncIterable<Embedded>,
  { count = 8, isLeftOut = () => false }: NearestOptions = {},
): Promise<Neighbour[]> {
  const length = Math.hypot(...query);
  const nearest: Neighbour[] = [];
  for await (const { ids, features } of embedded) {
    const { values, size } = features;
    if (size !== query.length) {
      throw new RangeError(
        `nearestRows: the query and the rows must have the same size, got ${query.length} and ${size}. Encode both with one encoder.`,
      );
    }
    for (const [place, id] of ids.entries()) {
      const similarity = cosine(query, length, values.subarray(place * size, (place + 1) * size));
      if (nearest.length === count && similarity <= nearest.at(-1)!.similarity) continue;
      if (await isLeftOut(id)) continue;
      const after = nearest.findIndex((other) => other.similarity < similarity);
      nearest.splice(after === -1 ? nearest.length : after, 0, { id, similarity });
      if (nearest.length > count) nearest.pop();
    }
  }
  return nearest;
}

/** 0 where either has no length. */
function cosine(query: Float32Array, length: number, row: Float32Array): number {
  let [product, square] = [0, 0];
  for (let i = 0; i < row.length; i++) {
    product += query[i]! * row[i]!;
    square += row[i]! * row[i]!;
  }
  const scale = length * Math.sqrt(square);
  return scale === 0 ? 0 : product / scale;
}
