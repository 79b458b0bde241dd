/** Tensors out of nothing. */
import { type DataType, util } from "@tensorflow/tfjs-core";
import type { ElementType } from "../onnx/element-type.js";
import { type Changing, NO_OTHERS, type Operation, operation } from "./operation.js";

interface FillAttributes {
  shape: number[];
  value: number | string;
  dtype?: DataType;
}

const fillType = ({ value, dtype }: FillAttributes): DataType => dtype || util.inferDtype(value);

/** Longer sequences are not written into a graph; the CPU kernel makes them. */
const LONGEST_SEQUENCE = 4096;

interface RangeAttributes {
  start: number;
  stop: number;
  step: number;
  dtype: "float32" | "int32";
}

const isBackwards = ({ start, stop, step }: RangeAttributes) => stop < start && step === 1;

function rangeLength({ start, stop, step }: RangeAttributes): number {
  if (start === stop || (start < stop && step < 0) || (stop < start && step > 1)) return 0;
  return Math.abs(Math.ceil((stop - start) / step));
}

/** Each element is the one before plus the step, rounded to the type, as TensorFlow.js's kernels do it. */
function sequence(start: number, step: number, length: number, type: ElementType): Float32Array | Int32Array {
  const values = type === "int32" ? new Int32Array(length) : new Float32Array(length);
  for (let i = 0; i < length; i += 1) values[i] = i === 0 ? start : values[i - 1]! + step;
  return values;
}

/** What follows from the attributes in JavaScript is what changes: the elements, each rounded as TensorFlow.js rounds it. */
function changingElements<A>(elements: (attributes: A) => Float32Array | Int32Array): Changing<A> {
  return {
    take: (_, attributes) => {
      const numbers = elements(attributes);
      if (numbers.length === 0) return undefined;
      return { numbers, type: numbers instanceof Int32Array ? "int32" : "float32", others: NO_OTHERS };
    },
    areResult: true,
    lower: (_graph, _inputs, numbers) => numbers,
  };
}

function rangeElements(attributes: RangeAttributes): Float32Array | Int32Array {
  const { start, step, dtype } = attributes;
  return sequence(start, isBackwards(attributes) ? -1 : step, rangeLength(attributes), dtype);
}

interface LinSpaceAttributes {
  start: number;
  stop: number;
  num: number;
}

const linSpaceElements = ({ start, stop, num }: LinSpaceAttributes) =>
  sequence(start, (stop - start) / (num - 1), num, "float32");

export const creation: readonly Operation[] = [
  operation<FillAttributes>({
    kernel: "Fill",
    inputs: [],
    infer: (_, attributes) => ({ shape: attributes.shape, type: fillType(attributes) as ElementType }),
    changing: {
      take: (_, attributes) => {
        const type = fillType(attributes);
        const value = Number(attributes.value);
        if ((type !== "float32" && type !== "int32") || value === 0 || value === 1) return undefined; // gradients are full of these
        return { numbers: [value], type, others: { shape: attributes.shape, dtype: type } };
      },
      give: (numbers, others) => ({ ...(others as unknown as FillAttributes), value: numbers[0]! }),
      lower: (graph, _, numbers, others) => graph.expand(graph.reshape(numbers, []), others.shape as number[]),
    },
    lower: (graph, _, attributes) =>
      graph.uniform(Number(attributes.value), attributes.shape, fillType(attributes) as ElementType),
    unsupported: (_, attributes) => fillType(attributes) === "string" || fillType(attributes) === "complex64",
  }),
  operation({
    kernel: "OnesLike",
    inputs: ["x"],
    infer: ([x]) => x!,
    lower: (graph, [x]) => graph.uniform(1, x!.shape, x!.type),
  }),
  operation({
    kernel: "ZerosLike",
    inputs: ["x"],
    infer: ([x]) => x!,
    lower: (graph, [x]) => graph.uniform(0, x!.shape, x!.type),
  }),
  operation<RangeAttributes>({
    kernel: "Range",
    inputs: [],
    infer: (_, attributes) => ({ shape: [rangeLength(attributes)], type: attributes.dtype }),
    changing: changingElements(rangeElements),
    lower: (graph, _, attributes) =>
      graph.constant(rangeElements(attributes), [rangeLength(attributes)], attributes.dtype),
    unsupported: (_, attributes) => rangeLength(attributes) > LONGEST_SEQUENCE,
  }),
  operation<LinSpaceAttributes>({
    kernel: "LinSpace",
    inputs: [],
    infer: (_, { num }) => ({ shape: [num], type: "float32" }),
    changing: changingElements(linSpaceElements),
    lower: (graph, _, attributes) => graph.constant(linSpaceElements(attributes), [attributes.num], "float32"),
    unsupported: (_, { num }) => num > LONGEST_SEQUENCE,
  }),
];
