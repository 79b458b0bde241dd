/**
 * Singular values of a matrix of features, in 64 bits: the small ones count.
 */
import { symmetricEigenvalues } from "./symmetric-eigenvalues.js";

/** Of values [n, d], row after row: min(n, d) of them, in no order. Square roots of the eigenvalues of Z Zᵀ or Zᵀ Z, whichever is smaller. */
export function singularValues(values: ArrayLike<number>, n: number, d: number): Float64Array {
  const isWide = d > n;
  const rows = isWide ? n : d;
  const length = isWide ? d : n;
  const vectors = Array.from({ length: rows }, (_, i) =>
    Float64Array.from({ length }, (_, j) => (isWide ? values[i * d + j]! : values[j * d + i]!)),
  );
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const [a, b] = [vectors[i]!, vectors[j]!];
      let sum = 0;
      for (let k = 0; k < length; k += 1) sum += a[k]! * b[k]!;
      gram[i * rows + j] = sum;
      gram[j * rows + i] = sum;
    }
  }
  return symmetricEigenvalues(gram, rows).map((eigenvalue) => Math.sqrt(Math.max(eigenvalue, 0)));
}
