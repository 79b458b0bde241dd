/**
 * A share of what has no classes: sentences, pairs. Drawn anew for each seed, the same for both contenders; a larger draw of a seed holds the
 * smaller.
 */
import { createRandom, nestedSubset } from "@autodidact/core";

export interface LabelShare {
  /** Learns from such a share of the training examples, above 0 to 1; all of them unless told. */
  readonly share?: number | undefined;
}

/** Their places, in order. One at least is wanted. */
export function drawnShare(examples: number, { share }: LabelShare, seed: number): number[] {
  const table = { labels: new Int32Array(examples), classes: 1 };
  return nestedSubset(table, { labelShare: share }, createRandom(seed).split("labels"), ["“example”"]);
}
