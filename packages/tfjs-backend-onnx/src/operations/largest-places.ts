/** The places of the largest elements in their windows. */
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";
import { type Pooling, pool } from "./pooling.js";
import { unroll } from "./unroll.js";
import { outputShape, type Windows } from "./windows.js";

/** Tells whether an element of [N · places, taps, C] is the largest of its taps; the first of equal ones is. */
export function isLargest(graph: GraphBuilder, unrolled: Value): Value {
  const [rows, taps, channels] = unrolled.shape as [number, number, number];
  const winner = graph.one("ArgMax", [unrolled], { axis: 1 }, { shape: [rows, 1, channels], type: "int64" });
  return graph.binary("Equal", winner, graph.constant([...Array(taps).keys()], [taps, 1], "int64"), "bool");
}

/** The number in [H, W, C], or in [N, H, W, C], of each element that is the largest: [N, places, C]. */
function numbersOf(graph: GraphBuilder, places: Value, windows: Windows, includeBatch: boolean): Value {
  const { batch, input, inChannels } = windows;
  const pixels = graph.constant([...Array(sizeOf(input)).keys()], [1, ...input, 1], "int32");
  const perTap = unroll(graph, pixels, { ...windows, batch: 1, inChannels: 1 }); // [places, taps, 1]
  const [count, taps] = perTap.shape as [number, number];
  const isTaken = graph.reshape(places, [batch, count, taps, inChannels]);
  const pixel = graph.reduce("ReduceSum", graph.where(isTaken, perTap, graph.scalar(0, "int32")), [2], false);
  const channel = graph.constant([...Array(inChannels).keys()], [inChannels], "int32");
  const inImage = graph.add(graph.mul(pixel, graph.scalar(inChannels, "int32")), channel);
  if (!includeBatch) return inImage;
  const starts = Array.from({ length: batch }, (_, image) => image * sizeOf(input) * inChannels);
  return graph.add(inImage, graph.constant(starts, [batch, 1, 1], "int32"));
}

export const largestPlaces: readonly Operation[] = [
  operation<Pooling & { includeBatchInIndex: boolean }>({
    kernel: "MaxPoolWithArgmax",
    inputs: ["x"],
    infer: ([x], attributes) => {
      const shape = outputShape(pool(x!, attributes));
      return [
        { shape, type: x!.type },
        { shape, type: "int32" },
      ];
    },
    lower: (graph, [x], attributes) => {
      const windows = pool(x!, attributes);
      const unknown = graph.unary("IsNaN", x!, {}, "bool"); // NaN is never the largest
      const known = graph.where(unknown, graph.scalar(-Infinity, "float32"), x!);
      const unrolled = unroll(graph, known, windows, -Infinity);
      const numbers = numbersOf(graph, isLargest(graph, unrolled), windows, attributes.includeBatchInIndex);
      const largest = graph.reduce("ReduceMax", unrolled, [1], false);
      return [largest, numbers].map((value) => graph.reshape(value, outputShape(windows)));
    },
    unsupported: ([x]) => x!.type !== "float32",
  }),
];
