/** Slices whose place differs from call to call: where they begin on the axes of which they take a part. */
import { sliceFrom } from "../onnx/late-numbers.js";
import type { Changing, TensorType } from "./operation.js";

interface Part {
  readonly size: readonly number[];
  /** Those of which a part is taken. */
  readonly axes: readonly number[];
  /** Of all axes, above zero; 1 where they are left out. */
  readonly strides?: readonly number[];
}

interface Place extends Omit<Part, "axes"> {
  readonly begin: readonly number[];
}

/** `bounds` gives a call's slice, or nothing where its place cannot change. */
export function changingPlace<A>(bounds: (x: TensorType, attributes: A) => Place | undefined): Changing<A> {
  return {
    take: ([x], attributes) => {
      const slice = bounds(x!, attributes);
      if (!slice) return undefined;
      const { begin, size, strides } = slice;
      const axes: number[] = [];
      const numbers: number[] = [];
      for (let axis = 0; axis < size.length; axis += 1) {
        if (size[axis] === x!.shape[axis]) continue;
        axes.push(axis);
        numbers.push(begin[axis]!);
      }
      if (axes.length === 0) return undefined;
      return { numbers, type: "int32", others: strides ? { size, axes, strides } : { size, axes } };
    },
    give: (numbers, others) => {
      const { size, axes, strides } = others as unknown as Part;
      const begin: number[] = [];
      for (let axis = 0; axis < size.length; axis += 1) begin.push(0);
      for (let i = 0; i < axes.length; i += 1) begin[axes[i]!] = numbers[i]!;
      return { begin, size, strides } as A;
    },
    lower: (graph, [x], numbers, others) => sliceFrom(graph, x!, numbers, others as unknown as Part),
  };
}
