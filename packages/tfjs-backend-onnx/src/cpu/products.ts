/** Products of float32 matrices. */

import { sizeOf } from "../onnx/shape.js";
import { add } from "./arithmetic.js";
import { type FloatTensor, type HostKernel, isFloat } from "./host-kernel.js";

/** TensorFlow.js sums up so many terms in float64, then adds them to the float32 result. */
const TERMS = 48;

interface Product {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** a is read at [row, k], b is [k, columns], or [columns, k] where it is to be transposed. */
interface Matrices {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly result: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
  /** How far apart a's rows and its columns lie. */
  readonly rowStep: number;
  readonly termStep: number;
}

/** A column times a row. */
function multiplyOuter({ a, b, result, rows, columns, rowStep }: Matrices): void {
  for (let row = 0, at = 0; row < rows; row += 1) {
    const factor = a[row * rowStep]!;
    for (let i = 0; i < columns; i += 1, at += 1) result[at]! += factor * b[i]!; // 0 + −0 is 0
  }
}

/** Row by row: b's rows, times a number of a each, are summed up. */
function multiplyByRows({ a, b, result, rows, columns, terms, rowStep, termStep }: Matrices): void {
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    for (let first = 0; first < terms; first += TERMS) {
      sums.fill(0);
      const end = Math.min(first + TERMS, terms);
      for (let k = first; k < end; k += 1) {
        const factor = a[row * rowStep + k * termStep]!;
        for (let i = 0, at = k * columns; i < columns; i += 1, at += 1) sums[i]! += factor * b[at]!;
      }
      for (let i = 0, at = row * columns; i < columns; i += 1, at += 1) result[at]! += sums[i]!;
    }
  }
}

/** Element by element: a row of a times a row of b. */
function multiplyTransposed({ a, b, result, rows, columns, terms, rowStep, termStep }: Matrices): void {
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      for (let first = 0; first < terms; first += TERMS) {
        const end = Math.min(first + TERMS, terms);
        let sum = 0;
        for (let k = first; k < end; k += 1) sum += a[row * rowStep + k * termStep]! * b[column * terms + k]!;
        result[row * columns + column]! += sum;
      }
    }
  }
}

/** Stacks of matrices are multiplied one by one; a single one stands for a stack of any length. */
function product(a: FloatTensor, b: FloatTensor, { transposeA, transposeB }: Product, shape: readonly number[]) {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const terms = a.shape.at(transposeA ? -2 : -1)!;
  const result = new Float32Array(sizeOf(shape));
  const stack = rows * columns === 0 ? 0 : result.length / (rows * columns);
  const [lengthA, lengthB] = [rows * terms, terms * columns];
  const [isOneA, isOneB] = [a.values.length === lengthA, b.values.length === lengthB];
  if (!isOneA && a.values.length !== stack * lengthA) return undefined;
  if (!isOneB && b.values.length !== stack * lengthB) return undefined;
  const [rowStep, termStep] = transposeA ? [1, rows] : [terms, 1];
  const byRows = terms === 1 ? multiplyOuter : multiplyByRows;
  const multiply = columns === 1 || (transposeB && terms > 1) ? multiplyTransposed : byRows;
  for (let i = 0; i < stack; i += 1) {
    const matrices: Matrices = {
      a: isOneA ? a.values : a.values.subarray(i * lengthA, (i + 1) * lengthA),
      b: isOneB ? b.values : b.values.subarray(i * lengthB, (i + 1) * lengthB),
      result: stack === 1 ? result : result.subarray(i * rows * columns, (i + 1) * rows * columns),
      rows,
      columns,
      terms,
      rowStep,
      termStep,
    };
    multiply(matrices);
  }
  return result;
}

const batchMatMul: HostKernel = ([a, b], attributes, [result]) => {
  if (!isFloat(a!) || !isFloat(b!)) return undefined;
  const values = product(a, b, attributes as unknown as Product, result!.shape);
  return values && [values];
};

interface Fused extends Product {
  readonly activation?: string | null;
  readonly absent?: readonly string[];
}

/** A product, a bias that every row gets, and nothing or relu behind it; other activations are left to TensorFlow.js. */
const fusedMatMul: HostKernel = ([a, b, bias], attributes, [result]) => {
  const { activation, absent, transposeA, transposeB } = attributes as unknown as Fused;
  if (!isFloat(a!) || !isFloat(b!) || (activation && activation !== "linear" && activation !== "relu"))
    return undefined;
  const { shape } = result!;
  const values = product(a, b, { transposeA, transposeB }, shape);
  const sum = values && !absent?.includes("bias") ? add({ values, shape, dtype: "float32" }, bias!) : values;
  if (sum && activation === "relu") for (let i = 0; i < sum.length; i += 1) sum[i] = Math.max(0, sum[i]!);
  return sum && [sum];
};

export const products = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul };
