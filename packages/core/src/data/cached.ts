/**
 * Keeps decoded samples in memory: for sets that fit, every epoch after the first costs no decoding.
 *
 * What does not fit is decoded again each time: under shuffling, evicting old samples for new ones would save nothing.
 */
import type { Dataset } from "./dataset.js";

export interface CacheOptions {
  /** 1 GiB unless told. */
  maxBytes?: number;
}

/** The same samples; the caller must not write into them. */
export function cached<Sample>(dataset: Dataset<Sample>, options: CacheOptions = {}): Dataset<Sample> {
  const { maxBytes = 2 ** 30 } = options;
  const samples = new Map<number, Sample>();
  let bytes = 0;

  return {
    length: dataset.length,
    id: dataset.id && ((index) => dataset.id!(index)),
    contents: dataset.contents && (() => dataset.contents!()),
    size: dataset.size && ((index) => dataset.size!(index)),
    async get(index) {
      const kept = samples.get(index);
      if (kept !== undefined) return kept;
      const sample = await dataset.get(index);
      const size = bytesOf(sample);
      if (!samples.has(index) && bytes + size <= maxBytes) {
        samples.set(index, sample);
        bytes += size;
      }
      return sample;
    },
  };
}

/** What a sample keeps alive: its buffers and strings, and a little for each object. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength + 64;
  if (typeof value === "string") return 2 * value.length + 16;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 64);
}
