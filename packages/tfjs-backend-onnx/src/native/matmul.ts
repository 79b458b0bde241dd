/** Products of matrices by the kernel `MatMul`, which reads and writes matrices wherever they lie. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { GraphNode, TensorType, Value } from "../onnx/value.js";
import { contiguousSteps, inverse, plainView, steppedView, type View } from "../onnx/view.js";
import { kernelNode } from "./kernel-node.js";

interface Product {
  readonly a: Value;
  readonly b: Value;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** This is the product's type. */
  readonly type: TensorType;
  /** A vector, added to every row. */
  readonly addend?: Value;
}

/** One axis of the stack of products. */
interface StackAxis {
  readonly length: number;
  /** Elements from one product to the next in left, right and result; 0 where all share one matrix. */
  readonly steps: readonly [number, number, number];
}

const PRODUCTS = new WeakMap<GraphNode, Product>();

export function matmulKernel(graph: GraphBuilder, product: Product): Value {
  const result = write(graph, product, product.type, contiguousSteps(product.type.shape));
  PRODUCTS.set(result.node!, product);
  return result;
}

/** A product with its axes in another order, written so at once; undefined for other tensors, or where rows would be torn. */
export function transposedProduct(graph: GraphBuilder, x: Value, order: readonly number[]): Value | undefined {
  const product = x.node && PRODUCTS.get(x.node);
  const rank = order.length;
  if (!product || order[rank - 1] !== rank - 1) return undefined;
  const type = { shape: order.map((axis) => x.shape[axis]!), type: x.type };
  const steps = contiguousSteps(type.shape);
  return write(
    graph,
    product,
    type,
    inverse(order).map((axis) => steps[axis]!),
  );
}

/** `steps` are the result's, along the product's own axes. */
function write(graph: GraphBuilder, product: Product, output: TensorType, steps: readonly number[]): Value {
  const { a, b, transposeA, transposeB, type, addend } = product;
  const left = readable(a, transposeA);
  const right = transposeB ? swapped(steppedView(b)) : steppedView(b);
  const rank = type.shape.length;
  const [rows, columns, inner] = [type.shape.at(-2)!, type.shape.at(-1)!, left.shape.at(-1)!];
  const row = steps.at(-2)!;
  const stack: StackAxis[] = [];
  for (let axis = 0; axis < rank - 2; axis += 1) {
    const length = type.shape[axis]!;
    const along = [stepAt(left, axis - rank), stepAt(right, axis - rank), steps[axis]!] as const;
    if (length > 1) stack.push({ length, steps: along });
  }
  const merged = mergeRows(stack, rows, left.steps.at(-2)!, row);
  const stackSteps = (operand: 0 | 1 | 2) => merged.stack.map(({ steps }) => steps[operand]);
  const attributes = {
    rows: merged.rows,
    columns,
    inner,
    left_start: left.offset,
    right_start: right.offset,
    left_row: left.steps.at(-2)!,
    left_inner: left.steps.at(-1)!,
    right_inner: right.steps.at(-2)!,
    right_column: right.steps.at(-1)!,
    row: Math.max(row, columns),
    stack: merged.stack.map(({ length }) => length),
    left_stack: stackSteps(0),
    right_stack: stackSteps(1),
    result_stack: stackSteps(2),
  };
  return kernelNode(graph, "MatMul", [left.source, right.source, ...(addend ? [addend] : [])], attributes, [
    output,
  ])[0]!;
}

/** The kernel reads its left operand along rows or along columns: a view that is neither is made contiguous first. */
function readable(x: Value, transpose: boolean): View {
  for (const view of [steppedView(x), plainView(x)]) {
    const [row, inner] = view.steps.slice(-2);
    if (row === 1 || inner === 1) return transpose ? swapped(view) : view;
  }
  return transpose ? swapped(plainView(x)) : plainView(x);
}

/** Gives the view with its last two axes swapped. */
function swapped(view: View): View {
  const swap = (list: readonly number[]) => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return { ...view, shape: swap(view.shape), steps: swap(view.steps) };
}

/** The step along an axis counted from the back; 0 where the operand has no such axis, or one of length 1 that is repeated. */
function stepAt({ shape, steps }: View, axis: number): number {
  return (shape.at(axis) ?? 1) === 1 || -axis > shape.length ? 0 : steps.at(axis)!;
}

/** Matrices that lie behind one another and meet the same right operand are one tall matrix. */
function mergeRows(stack: readonly StackAxis[], rows: number, left: number, result: number) {
  let tall = rows;
  const rest = [...stack];
  while (rest.length > 0) {
    const { length, steps } = rest.at(-1)!;
    if (steps[1] !== 0 || steps[0] !== tall * left || steps[2] !== tall * result) break;
    tall *= length;
    rest.pop();
  }
  return { rows: tall, stack: rest };
}
