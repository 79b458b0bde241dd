/** Largest and mean elements of sliding windows. */
import { backend_util } from "@tensorflow/tfjs-core";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import {
  channelsFirst,
  channelsLast,
  inputShape,
  isBeyondOnnx,
  outputShape,
  type Windows,
  windowAttributes,
  windows2d,
  windows3d,
} from "./windows.js";

type Size = number | [number, number] | [number, number, number];

export interface Pooling {
  filterSize: Size;
  strides: Size;
  pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/** The pool over [N, H, W, C] or [N, D, H, W, C]. */
export function pool(x: TensorType, { filterSize, strides, pad, dimRoundingMode }: Pooling): Windows {
  const shape = x.shape as never;
  if (x.shape.length < 4)
    throw new Error(`pools: x must be [N, H, W, C] or [N, D, H, W, C], got [${x.shape}]. Reshape it.`);
  return x.shape.length === 5
    ? windows3d(
        backend_util.computePool3DInfo(
          shape,
          filterSize as number,
          strides as number,
          1,
          pad as number,
          dimRoundingMode,
        ),
      )
    : windows2d(
        backend_util.computePool2DInfo(shape, filterSize as number, strides as number, 1, pad, dimRoundingMode),
      );
}

/** ONNX Runtime refuses windows that lie in the padding altogether, and pools other types than float32 in part. */
export function isUnsupported(x: TensorType, attributes: Pooling): boolean {
  const windows = pool(x, attributes);
  const { filter, before, after } = windows;
  const liesInPadding = filter.some((taps, axis) => before[axis]! >= taps || after[axis]! >= taps);
  return x.type !== "float32" || liesInPadding || isBeyondOnnx(windows);
}

function isIdentity(windows: Windows): boolean {
  return sizeOf(windows.filter) === 1 && sameShape(inputShape(windows), outputShape(windows));
}

function pooled(graph: GraphBuilder, type: "MaxPool" | "AveragePool", x: Value, windows: Windows): Value {
  if (isIdentity(windows)) return x;
  const { batch, outChannels, output } = windows;
  const { dilations: _, ...attributes } = windowAttributes(windows);
  const y = graph.one(type, [channelsFirst(graph, x)], attributes, {
    shape: [batch, outChannels, ...output],
    type: "float32",
  });
  return channelsLast(graph, y);
}

function pooling(kernel: string, type: "MaxPool" | "AveragePool"): Operation {
  return operation<Pooling>({
    kernel,
    inputs: ["x"],
    infer: ([x], attributes) => ({ shape: outputShape(pool(x!, attributes)), type: x!.type }),
    lower: (graph, [x], attributes) => pooled(graph, type, x!, pool(x!, attributes)),
    unsupported: ([x], attributes) => isUnsupported(x!, attributes),
  });
}

export const pools: readonly Operation[] = [
  pooling("MaxPool", "MaxPool"),
  pooling("AvgPool", "AveragePool"),
  pooling("MaxPool3D", "MaxPool"),
  pooling("AvgPool3D", "AveragePool"),
];
