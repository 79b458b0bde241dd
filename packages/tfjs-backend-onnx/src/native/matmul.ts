/** Products of matrices by the kernel `MatMul`, which reads its operands wherever they lie. */
import type { GraphBuilder, TensorType, Value } from "../onnx/graph-builder.js";
import { kernelNode } from "./kernel-node.js";
import { contiguousSteps, plain, type Strided, strided, swapped } from "./strided.js";

/** One axis of the stack of products. */
interface StackAxis {
  readonly length: number;
  /** Elements from one product to the next in left, right and result; 0 where all share one matrix. */
  readonly steps: readonly [number, number, number];
}

/** `type` is the product's; `addend`, a vector, is added to every row. */
export function matmulKernel(
  graph: GraphBuilder,
  a: Value,
  b: Value,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
  type: TensorType,
  addend?: Value,
): Value {
  const left = readable(a, transposeA);
  const right = transposeB ? swapped(strided(b)) : strided(b);
  const rank = type.shape.length;
  const [rows, columns, inner] = [type.shape.at(-2)!, type.shape.at(-1)!, left.shape.at(-1)!];
  const result = contiguousSteps(type.shape);
  const stack: StackAxis[] = [];
  for (let axis = 0; axis < rank - 2; axis += 1) {
    const length = type.shape[axis]!;
    const steps = [stepAt(left, axis - rank), stepAt(right, axis - rank), result[axis]!] as const;
    if (length > 1) stack.push({ length, steps });
  }
  const merged = mergeRows(stack, rows, left.steps.at(-2)!, columns);
  const stackSteps = (operand: 0 | 1 | 2) => merged.stack.map(({ steps }) => steps[operand]);
  const attributes = {
    rows: merged.rows,
    columns,
    inner,
    left_row: left.steps.at(-2)!,
    left_inner: left.steps.at(-1)!,
    right_inner: right.steps.at(-2)!,
    right_column: right.steps.at(-1)!,
    row: columns,
    stack: merged.stack.map(({ length }) => length),
    left_stack: stackSteps(0),
    right_stack: stackSteps(1),
    result_stack: stackSteps(2),
  };
  return kernelNode(graph, "MatMul", [left.source, right.source, ...(addend ? [addend] : [])], attributes, [type])[0]!;
}

/** The kernel reads its left operand along rows or along columns: a view that is neither is made contiguous first. */
function readable(x: Value, transpose: boolean): Strided {
  for (const view of [strided(x), plain(x)]) {
    const [row, inner] = transpose ? [view.steps.at(-1)!, view.steps.at(-2)!] : view.steps.slice(-2);
    if (row === 1 || inner === 1) return transpose ? swapped(view) : view;
  }
  return plain(x);
}

/** The step along an axis counted from the back; 0 where the operand has no such axis, or one of length 1 that is repeated. */
function stepAt({ shape, steps }: Strided, axis: number): number {
  return (shape.at(axis) ?? 1) === 1 || -axis > shape.length ? 0 : steps.at(axis)!;
}

/** Matrices that lie behind one another and meet the same right operand are one tall matrix. */
function mergeRows(stack: readonly StackAxis[], rows: number, row: number, columns: number) {
  let tall = rows;
  const rest = [...stack];
  while (rest.length > 0) {
    const { length, steps } = rest.at(-1)!;
    if (steps[1] !== 0 || steps[0] !== tall * row || steps[2] !== tall * columns) break;
    tall *= length;
    rest.pop();
  }
  return { rows: tall, stack: rest };
}
