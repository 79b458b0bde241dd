/** Slices whose place differs from call to call: where they begin on the axes of which they take a part. */
import { sliceFrom } from "../onnx/late-numbers.js";
import type { Changing, TensorType } from "./operation.js";

interface Part {
  readonly size: readonly number[];
  /** Those of which a part is taken. */
  readonly axes: readonly number[];
}

/** `bounds` gives a call's slice, or nothing where it is no plain one. */
export function changingPlace<A>(
  bounds: (x: TensorType, attributes: A) => { begin: readonly number[]; size: readonly number[] } | undefined,
): Changing<A> {
  return {
    take: ([x], attributes) => {
      const slice = bounds(x!, attributes);
      if (!slice) return undefined;
      const { begin, size } = slice;
      const axes: number[] = [];
      for (let axis = 0; axis < size.length; axis += 1) if (size[axis] !== x!.shape[axis]) axes.push(axis);
      if (axes.length === 0) return undefined;
      return { numbers: axes.map((axis) => begin[axis]!), type: "int32", others: { size, axes } };
    },
    give: (numbers, others) => {
      const { size, axes } = others as unknown as Part;
      const begin = size.map(() => 0);
      for (const [i, axis] of axes.entries()) begin[axis] = numbers[i]!;
      return { begin, size } as A;
    },
    lower: (graph, [x], numbers, others) => {
      const { size, axes } = others as unknown as Part;
      return sliceFrom(graph, x!, numbers, axes, size);
    },
  };
}
