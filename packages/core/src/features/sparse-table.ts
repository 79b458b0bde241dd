/**
 * Binary features of which each row has few: a bag of words. What a dense table would hold as zeros is not held at all.
 */
export interface SparseTable {
  /** The numbers of the features that each example has, ascending, each once, in 0 … size − 1. */
  readonly rows: readonly Uint32Array[];
  /** Features there are. */
  readonly size: number;
}

export interface LabelledSparse extends SparseTable {
  /** A class of 0 … classes − 1 for each row. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** The given rows with their labels, in the given order. */
export function selectSparseRows(
  { rows, size, labels, classes }: LabelledSparse,
  wanted: ArrayLike<number>,
): LabelledSparse {
  const places = Array.from(wanted);
  return {
    rows: places.map((row) => rows[row]!),
    size,
    labels: Int32Array.from(places, (row) => labels[row]!),
    classes,
  };
}
