/**
 * Features must be numbers: every comparison with NaN is false, and a protocol would answer the first class and be scored for it.
 */
import type { FeatureTable } from "@autodidact/core";

export interface RowsOf {
  /** `the encoder`; unknown where somebody calls a protocol alone. */
  readonly whose?: string | undefined;
  readonly part?: "training" | "test" | undefined;
  /** What the user calls the example of a row: its file. */
  nameOf?(row: number): string | undefined;
}

/** `who` is the function that was called. */
export function assertFiniteRows(who: string, { values, size }: FeatureTable, { whose, part, nameOf }: RowsOf): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const row = Math.floor(at / size);
  const features = whose === undefined ? "features" : `features of ${whose}`;
  const place = part === undefined ? `row ${row + 1}` : `${part} example ${row + 1}`;
  const name = nameOf?.(row);
  throw new RangeError(
    `${who}: ${features} must be finite numbers, got ${values[at]} for ${place}${name === undefined ? "" : ` (${name})`}. Look for NaN in the weights and in the example; an earlier checkpoint may be whole.`,
  );
}
