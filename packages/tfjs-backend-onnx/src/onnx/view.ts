/**
 * Tensors as views of others: what a transpose, a reshape, a slice or a split only renames is not copied by those who read it
 * element by element.
 */
import type { NodeWriter } from "./node-writer.js";
import { sizeOf } from "./shape.js";
import type { Value } from "./value.js";

export interface View {
  /** The tensor that holds the elements. */
  readonly source: Value;
  readonly shape: readonly number[];
  /** For each axis this is the number of elements from one index to the next. */
  readonly steps: readonly number[];
  /** Element [0, 0, …] lies at this place. */
  readonly offset: number;
}

/** The view shows the tensor as it lies. */
export function plainView(x: Value): View {
  return { source: x, shape: x.shape, steps: contiguousSteps(x.shape), offset: 0 };
}

/** The view looks behind every node that moves nothing. */
export function viewOf(x: Value): View {
  const [source, argument] = x.node?.inputs ?? [];
  if (!source || sizeOf(x.shape) === 0) return plainView(x);
  switch (x.node!.type) {
    case "Transpose":
      return transposed(viewOf(source), x.node!.attributes.perm as readonly number[]);
    case "Reshape":
      return reshaped(viewOf(source), x.shape) ?? plainView(x);
    case "Slice":
      return sliced(x) ?? plainView(x);
    case "Split": {
      const place = x.node!.outputs.indexOf(x);
      const before = numbersOf(argument).slice(0, place);
      return moved(viewOf(source), x.shape, x.node!.attributes.axis as number, total(before));
    }
    default:
      return plainView(x);
  }
}

/** The view with no step of 0: along an axis of length 1 any step does, and kernels ask for a positive one. */
export function steppedView(x: Value): View {
  const view = viewOf(x);
  return { ...view, steps: view.steps.map((step, axis) => (view.shape[axis] === 1 ? 1 : step)) };
}

/** The view as a tensor, where it shows all of its source in some order of axes: then nothing moves but names. */
export function wholeView(graph: NodeWriter, { source, shape, steps, offset }: View): Value | undefined {
  if (offset !== 0 || sizeOf(shape) !== sizeOf(source.shape)) return undefined;
  const order = axesByStep(shape, steps);
  const lying = order.map((axis) => shape[axis]!);
  const expected = contiguousSteps(lying);
  if (!order.every((axis, i) => shape[axis] === 1 || steps[axis] === expected[i])) return undefined;
  return graph.transpose(graph.reshape(source, lying), inverse(order));
}

/** Axes from the outermost to the innermost as they lie in memory; those of length 1 keep out of the way, in front. */
export function axesByStep(shape: readonly number[], steps: readonly number[]): number[] {
  const reach = (axis: number) => (shape[axis] === 1 ? Number.POSITIVE_INFINITY : steps[axis]!);
  return shape.map((_, axis) => axis).sort((a, b) => (reach(a) === reach(b) ? a - b : reach(b) - reach(a)));
}

/** The tensor of which the values are consecutive pieces along an axis; undefined where there is none. */
export function joinedView(graph: NodeWriter, values: readonly Value[], axis: number): Value | undefined {
  if (values.some((value) => !value.node)) return undefined;
  const [first, ...others] = values.map(viewOf);
  let length = first!.shape[axis]!;
  for (const { source, shape, steps, offset } of others) {
    const isNext = source === first!.source && offset === first!.offset + length * first!.steps[axis]!;
    if (!isNext || !steps.every((step, i) => step === first!.steps[i])) return undefined;
    length += shape[axis]!;
  }
  return wholeView(graph, { ...first!, shape: first!.shape.with(axis, length) });
}

/** Steps of a tensor that lies row by row. */
export function contiguousSteps(shape: readonly number[]): number[] {
  const steps = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) steps[axis] = steps[axis + 1]! * shape[axis + 1]!;
  return steps;
}

export function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

function transposed(view: View, order: readonly number[]): View {
  const pick = (list: readonly number[]) => order.map((axis) => list[axis]!);
  return { ...view, shape: pick(view.shape), steps: pick(view.steps) };
}

/** The view begins at index `begin` of an axis. */
function moved(view: View, shape: readonly number[], axis: number, begin: number): View {
  return { ...view, shape, offset: view.offset + begin * view.steps[axis]! };
}

function sliced(x: Value): View | undefined {
  const [source, begins, , axes, strides] = x.node!.inputs;
  if (!begins!.constant) return undefined; // where it begins is known when the graph runs
  const view = viewOf(source!);
  const [starts, along, by] = [begins, axes, strides].map(numbersOf) as [number[], number[], number[]];
  if (along.length === 0 || by.some((stride) => stride < 1) || starts.some((start) => start < 0)) return undefined;
  const steps = [...view.steps];
  let offset = view.offset;
  for (const [i, axis] of along.entries()) {
    offset += starts[i]! * view.steps[axis]!;
    steps[axis] = view.steps[axis]! * by[i]!;
  }
  return { source: view.source, shape: x.shape, steps, offset };
}

/** Axes that lie as one in memory are joined and cut anew; undefined where the new shape needs more than that. */
function reshaped(view: View, shape: readonly number[]): View | undefined {
  const old = view.shape
    .map((length, axis) => ({ length, step: view.steps[axis]! }))
    .filter(({ length }) => length > 1);
  const steps: number[] = [];
  let axis = 0;
  while (axis < shape.length) {
    if (shape[axis] === 1) {
      steps.push(0);
      axis += 1;
      continue;
    }
    const run = [old.shift()!];
    const lengths = [shape[axis]!];
    while (product(run) !== sizeOf(lengths)) {
      if (product(run) < sizeOf(lengths)) {
        const next = old.shift()!;
        if (run.at(-1)!.step !== next.step * next.length) return undefined;
        run.push(next);
      } else lengths.push(shape[axis + lengths.length]!);
    }
    const innermost = run.at(-1)!.step;
    steps.push(...contiguousSteps(lengths).map((step) => step * innermost));
    axis += lengths.length;
  }
  return { ...view, shape, steps };
}

function product(axes: readonly { length: number }[]): number {
  return axes.reduce((all, { length }) => all * length, 1);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}

function numbersOf(value: Value | undefined): number[] {
  return Array.from(value?.constant ?? [], Number);
}
