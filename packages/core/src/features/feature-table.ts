/**
 * Features on the host, row after row: what every protocol reads.
 */
import type { RowFlops } from "./row-flops.js";

export interface FeatureTable {
  /** [count, size] */
  readonly values: Float32Array;
  readonly count: number;
  readonly size: number;
  /** A row holds the features of so many layers one after the other, size / layers of each. One unless told. */
  readonly layers?: number | undefined;
  /** What the rows cost, where that was counted. */
  readonly flops?: RowFlops | undefined;
  /** They were read again, not made. */
  readonly isCached?: boolean | undefined;
}

export interface LabelledFeatures extends FeatureTable {
  /** A class of 0 … classes − 1 for each row. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Joins features with their labels, checked once here. */
export function labelled(features: FeatureTable, labels: ArrayLike<number>, classes: number): LabelledFeatures {
  const { values, count, size, layers, flops, isCached } = features;
  if (values.length !== count * size) {
    throw new RangeError(`labelled: values must hold count × size = ${count} × ${size} numbers, got ${values.length}.`);
  }
  if (layers !== undefined && !(Number.isInteger(layers) && layers >= 1 && size % layers === 0)) {
    throw new RangeError(`labelled: layers must divide the size, ${size}, got ${layers}.`);
  }
  if (labels.length !== count) {
    throw new RangeError(`labelled: every row needs one label, got ${count} rows and ${labels.length} labels.`);
  }
  const whole = Int32Array.from(labels);
  const wrong = whole.findIndex((label, row) => label !== labels[row] || label < 0 || label >= classes);
  if (wrong !== -1) {
    throw new RangeError(
      `labelled: labels must be whole numbers from 0 to ${classes - 1}, got ${labels[wrong]} in row ${wrong}.`,
    );
  }
  return { values, count, size, layers, flops, isCached, labels: whole, classes };
}

/** The given rows, in the given order. */
export function selectRows(table: LabelledFeatures, rows: ArrayLike<number>): LabelledFeatures {
  const { size, layers, classes } = table;
  const values = new Float32Array(rows.length * size); // [rows, size]
  const labels = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    values.set(table.values.subarray(row * size, (row + 1) * size), i * size);
    labels[i] = table.labels[row]!;
  }
  return { values, count: rows.length, size, layers, labels, classes };
}

/** Rows of each class, in order. */
export function rowsByClass(labels: Int32Array, classes: number): number[][] {
  const rows: number[][] = Array.from({ length: classes }, () => []);
  for (const [row, label] of labels.entries()) rows[label]!.push(row);
  return rows;
}
