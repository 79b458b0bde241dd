/** A tensor as a view of another: transposes become steps, so that a kernel reads where the elements lie. */
import type { Value } from "../onnx/graph-builder.js";

export interface Strided {
  /** The tensor that holds the elements. */
  readonly source: Value;
  /** The view's lengths, and for each the elements from one index to the next. */
  readonly shape: readonly number[];
  readonly steps: readonly number[];
}

/** Steps of a tensor that lies row by row. */
export function contiguousSteps(shape: readonly number[]): number[] {
  const steps: number[] = [];
  let step = 1;
  for (const length of [...shape].reverse()) {
    steps.unshift(step);
    step *= length;
  }
  return steps;
}

/** As it lies. */
export function plain(x: Value): Strided {
  return { source: x, shape: x.shape, steps: contiguousSteps(x.shape) };
}

/** Behind a transpose where there is one. */
export function strided(x: Value): Strided {
  if (x.node?.type !== "Transpose") return plain(x);
  const source = x.node.inputs[0]!;
  const order = x.node.attributes.perm as readonly number[];
  const steps = contiguousSteps(source.shape);
  return { source, shape: x.shape, steps: order.map((axis) => steps[axis]!) };
}

/** With the last two axes swapped. */
export function swapped({ source, shape, steps }: Strided): Strided {
  const swap = (list: readonly number[]) => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return { source, shape: swap(shape), steps: swap(steps) };
}
