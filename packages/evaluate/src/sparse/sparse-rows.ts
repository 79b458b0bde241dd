/**
 * Sparse features before protocols that were made for dense ones: a dense table whose only feature is the number of a sparse row stands for
 * it, so that rows can be drawn and split as ever; whoever reads it looks the rows up.
 */
import {
  type FeatureTable,
  type LabelledFeatures,
  type LabelledSparse,
  labelled,
  type SparseTable,
} from "@autodidact/core";
import type { ClassTask } from "../classes/class-protocol.js";

export interface SparseParts {
  readonly train: SparseTable;
  readonly test: SparseTable;
}

export interface SparseTask extends ClassTask {
  /** The rows that its tables stand for, training rows first: what `sparseKnn` and `sparseRegression` are to be given. */
  readonly table: SparseTable;
}

/** What `compare` takes: give the protocol that reads it the same `table`. */
export function sparseTask(
  { train, test }: SparseParts,
  labels: { train: ArrayLike<number>; test: ArrayLike<number> },
  classes: number,
): SparseTask {
  if (train.size !== test.size) {
    throw new RangeError(
      `sparseTask: both parts must have the same features, got ${train.size} in train and ${test.size} in test. Number them together.`,
    );
  }
  return {
    train: labelled(numbersOf(train, 0), labels.train, classes),
    test: labelled(numbersOf(test, train.rows.length), labels.test, classes),
    table: { rows: [...train.rows, ...test.rows], size: train.size },
  };
}

/** The first row's number is `from`. Numbers up to 2²⁴ are exact. */
function numbersOf({ rows }: SparseTable, from: number): FeatureTable {
  return { values: Float32Array.from(rows, (_, row) => from + row), count: rows.length, size: 1 };
}

/** What dense tables of a contender stand for: labelled rows to learn from, rows to answer. */
export function sparseRows(
  protocol: string,
  { rows, size }: SparseTable,
  [train, test]: readonly [LabelledFeatures, FeatureTable],
): { learnFrom: LabelledSparse; asked: Uint32Array[] } {
  const lookUp = ({ values }: FeatureTable) => Array.from(values, (number) => rowOf(protocol, rows, number));
  const { labels, classes } = train;
  return { learnFrom: { rows: lookUp(train), size, labels, classes }, asked: lookUp(test) };
}

function rowOf(protocol: string, rows: readonly Uint32Array[], number: number): Uint32Array {
  const row = rows[number];
  if (row !== undefined) return row;
  throw new RangeError(
    `${protocol}: tables must hold numbers of sparse rows, 0 to ${rows.length - 1}, got ${number}. Give it the tables of sparseTask.`,
  );
}
