/** Products of matrices. */

import { matmulKernel } from "../native/matmul.js";
import { broadcastShape, sizeOf } from "../onnx/shape.js";
import { activate, type FusedActivation } from "./fused-activation.js";
import { type GraphBuilder, named, type Operation, operation, type TensorType, type Value } from "./operation.js";

interface Product {
  transposeA: boolean;
  transposeB: boolean;
}

function productType(a: TensorType, b: TensorType, { transposeA, transposeB }: Product): TensorType {
  const [m, k] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [inner, n] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
  if (k !== inner) {
    throw new Error(
      `matMul: inner lengths must agree, got ${k} and ${inner} of shapes [${a.shape}] and [${b.shape}] with ` +
        `transposeA=${transposeA} and transposeB=${transposeB}.`,
    );
  }
  return { shape: [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n], type: a.type };
}

/** A matrix, or a stack of them, to be read with its last two axes swapped or not. */
interface Operand {
  readonly x: Value;
  readonly swapped: boolean;
}

/** Takes a transpose of the last two axes that was written before into the flag. */
function operand(x: Value, swapped: boolean): Operand {
  const order = x.node?.type === "Transpose" ? (x.node.attributes.perm as readonly number[]) : [];
  const rank = x.shape.length;
  const isSwap = order.length === rank && order.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
  return isSwap ? { x: x.node!.inputs[0]!, swapped: !swapped } : { x, swapped };
}

function isOneMatrix({ x }: Operand): boolean {
  return sizeOf(x.shape.slice(0, -2)) === 1;
}

/** The operand as ONNX's MatMul wants it. */
function straight(graph: GraphBuilder, { x, swapped }: Operand): Value {
  const axes = x.shape.map((_, axis) => axis);
  return swapped ? graph.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]) : x;
}

/** The operand as one matrix; leading axes join the rows. */
function flat(graph: GraphBuilder, x: Value): Value {
  const columns = x.shape.at(-1)!;
  return graph.reshape(x, [sizeOf(x.shape.slice(0, -1)), columns]);
}

/**
 * Gemm reads its operands transposed at no cost, so it takes whatever is one product of two matrices; ONNX Runtime
 * does the same for the transposes in front of batched products.
 *
 * `addend` is added to every row.
 */
export function multiply(graph: GraphBuilder, a: Value, b: Value, attributes: Product, addend?: Value): Value {
  const type = productType(a, b, attributes);
  const sum = (product: Value) => (addend ? graph.add(product, addend) : product);
  if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return sum(graph.uniform(0, type.shape, type.type));
  // A product with one column is a sum over rows: fusion makes it part of what surrounds it.
  if (graph.kernels && type.type === "float32" && type.shape.at(-1) !== 1) {
    const isRow = addend?.shape.length === 1 && addend.shape[0] === type.shape.at(-1);
    const product = matmulKernel(graph, { a, b, ...attributes, type, addend: isRow ? addend : undefined });
    return isRow ? product : sum(product);
  }
  const [left, right] = [operand(a, attributes.transposeA), operand(b, attributes.transposeB)];
  const isFlat = isOneMatrix(right) && (isOneMatrix(left) || !left.swapped);
  const isRow = addend?.shape.length === 1 && addend.shape[0] === type.shape.at(-1);
  if (!isFlat || a.type !== "float32" || !(left.swapped || right.swapped || isRow)) {
    return sum(graph.matMul(straight(graph, left), straight(graph, right)));
  }
  const matrix = { shape: [sizeOf(type.shape.slice(0, -1)), type.shape.at(-1)!], type: type.type };
  const inputs = [flat(graph, left.x), flat(graph, right.x), ...(isRow ? [addend] : [])];
  const product = graph.one("Gemm", inputs, { transA: Number(left.swapped), transB: Number(right.swapped) }, matrix);
  const shaped = graph.reshape(product, type.shape);
  return isRow ? shaped : sum(shaped);
}

const FUSED_INPUTS = ["a", "b", "bias", "preluActivationWeights"];

export const matmul: readonly Operation[] = [
  operation<Product>({
    kernel: "BatchMatMul",
    inputs: ["a", "b"],
    infer: ([a, b], attributes) => productType(a!, b!, attributes),
    lower: (graph, [a, b], attributes) => multiply(graph, a!, b!, attributes),
  }),
  operation<Product & FusedActivation & { absent?: string[] }>({
    kernel: "_FusedMatMul",
    inputs: FUSED_INPUTS,
    infer: ([a, b], attributes) => productType(a!, b!, attributes),
    lower: (graph, inputs, attributes) => {
      const { a, b, bias, preluActivationWeights } = named(FUSED_INPUTS, inputs, attributes);
      return activate(graph, multiply(graph, a!, b!, attributes, bias), attributes, preluActivationWeights);
    },
  }),
];
