/**
 * What a row of features costs: the FLOPs of the steps that made a table, over its rows.
 */
import type { Flops } from "../engine/count-flops.js";

export interface RowFlops {
  /** Products and all else; the mean over rows, for those of texts and recordings differ. null where a kernel has no rule. */
  readonly perRow: number | null;
  /** The kernels that have none. */
  readonly uncounted: readonly string[];
}

export interface RowFlopsSum {
  /** A step that made `rows`, of which so many are `used`: a last batch is filled up. */
  add(flops: Flops, batch: { readonly rows: number; readonly used: number }): void;
  /** Undefined of no rows. */
  over(rows: number): RowFlops | undefined;
}

export function rowFlops(): RowFlopsSum {
  const uncounted = new Set<string>();
  let total = 0;
  return {
    add(flops, { rows, used }) {
      for (const kernel of flops.uncounted) uncounted.add(kernel);
      total += ((flops.products + flops.elements) * used) / rows;
    },
    over(rows) {
      if (rows === 0) return undefined;
      return { perRow: uncounted.size > 0 ? null : Math.round(total / rows), uncounted: [...uncounted] };
    },
  };
}
