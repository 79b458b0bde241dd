/**
 * Alignment: how near to each other two views of one sample lie on the sphere. Lower is nearer; 0 is one point.
 *
 * Wang and Isola 2020, https://arxiv.org/abs/2005.10242, section 4.1.
 */
import type { FeatureTable } from "@autodidact/core";
import { unitRows } from "./row-geometry.js";

export interface AlignmentOptions {
  /** α: the power of the distance. The paper's 2 unless told. */
  readonly power?: number;
}

/** E ‖f(x) − f(y)‖^α of rows of length 1: row i of one table and row i of the other are views of one sample. */
export function alignment(first: FeatureTable, second: FeatureTable, { power = 2 }: AlignmentOptions = {}): number {
  if (first.count !== second.count || first.size !== second.size || first.count === 0) {
    throw new RangeError(
      `alignment: both tables must hold a view of each sample, got [${first.count},${first.size}] and [${second.count},${second.size}].`,
    );
  }
  const [x, y] = [unitRows(first), unitRows(second)];
  let sum = 0;
  for (let row = 0; row < x.count; row += 1) {
    let squared = 0; // ‖f(x) − f(y)‖²
    for (let i = row * x.size; i < (row + 1) * x.size; i += 1) squared += (x.values[i]! - y.values[i]!) ** 2;
    sum += squared ** (power / 2);
  }
  return sum / x.count;
}
