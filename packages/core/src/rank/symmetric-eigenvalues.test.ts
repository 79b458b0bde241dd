import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { symmetricEigenvalues } from "./symmetric-eigenvalues.js";

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

/** Q Λ Qᵀ for reflections Q = Π (1 − 2 u uᵀ): a matrix whose eigenvalues are known. */
function withEigenvalues(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const random = createRandom(seed);
  const matrix = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? values[at / (n + 1)]! : 0));
  for (let turn = 0; turn < 3; turn += 1) {
    const u = [...random.normals(n)];
    const length = Math.hypot(...u) || 1;
    for (const isTransposed of [false, true]) {
      const at = (i: number, j: number) => (isTransposed ? j * n + i : i * n + j);
      for (let j = 0; j < n; j += 1) {
        let projection = 0;
        for (let i = 0; i < n; i += 1) projection += (u[i]! / length) * matrix[at(i, j)]!;
        for (let i = 0; i < n; i += 1) matrix[at(i, j)]! -= 2 * projection * (u[i]! / length);
      }
    }
  }
  return matrix;
}

test("2 × 2 by hand: [[2, 1], [1, 2]] has 1 and 3", () => {
  const [low, high] = sorted(symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2));
  expect(low).toBeCloseTo(1, 14);
  expect(high).toBeCloseTo(3, 14);
});

test("known eigenvalues are found: any, repeated, zero, of very different size", () => {
  const eigenvalue = fc.oneof(
    fc.constantFrom(0, 1, -1, 2),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: 1e-200, max: 1e-9, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(eigenvalue, { minLength: 1, maxLength: 12 }), fc.integer(), (values, seed) => {
      const found = sorted(symmetricEigenvalues(withEigenvalues(values, seed), values.length));
      const scale = Math.max(...values.map(Math.abs), 1e-200);
      for (const [i, expected] of sorted(values).entries())
        expect(Math.abs(found[i]! - expected)).toBeLessThan(1e-13 * 12 * scale);
    }),
    { numRuns: 300 },
  );
});

test("the smallest and the largest numbers there are do not disturb it", () => {
  for (const unit of [5e-324, 1e-310, 1e300]) {
    const [low, high] = sorted(symmetricEigenvalues(Float64Array.of(2 * unit, unit, unit, 2 * unit), 2));
    expect(low! / unit).toBeCloseTo(1, 12);
    expect(high! / unit).toBeCloseTo(3, 12);
  }
});

test("a larger one: the second difference matrix has 2 − 2 cos(πk/(n + 1))", () => {
  const n = 100;
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const distance = Math.abs(Math.floor(at / n) - (at % n));
    return distance === 0 ? 2 : distance === 1 ? -1 : 0;
  });
  const found = sorted(symmetricEigenvalues(matrix, n));
  for (const [k, value] of found.entries())
    expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)), 12);
});

test("features that use 40 of their 192 directions: the other eigenvalues are rounding, and end too", () => {
  const [rows, n, rank] = [384, 192, 40];
  const random = createRandom(0);
  const [a, b] = [random.normals(rows * rank), random.normals(rank * n)];
  const features = Float32Array.from({ length: rows * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < rank; k += 1) sum += a[row * rank + k]! * b[k * n + column]!;
    return sum;
  });
  const gram = Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let row = 0; row < rows; row += 1)
      sum += features[row * n + Math.floor(at / n)]! * features[row * n + (at % n)]!;
    return sum;
  });
  const trace = Array.from({ length: n }, (_, i) => gram[i * n + i]!).reduce((sum, value) => sum + value, 0);
  const values = [...symmetricEigenvalues(gram, n)];
  expect(values.filter((value) => value > 1e-9 * trace)).toHaveLength(rank);
  expect(values.reduce((sum, value) => sum + value, 0) / trace).toBeCloseTo(1, 12);
});
