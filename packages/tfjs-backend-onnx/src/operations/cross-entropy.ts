/**
 * Softmax cross-entropy of whole-number labels, row by row, and its gradient: as many labels as a vocabulary has, without a matrix of
 * targets where the kernels are.
 */
import {
  type CrossEntropyAttributes as Attributes,
  crossEntropyGradientKernel,
  crossEntropyKernel,
} from "../native/cross-entropy.js";
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

function assertRows(logits: TensorType, labels: TensorType): void {
  const isMatrix = logits.shape.length === 2 && logits.type === "float32";
  if (!isMatrix || labels.type !== "int32" || labels.shape.length !== 1 || labels.shape[0] !== logits.shape[0]) {
    throw new Error(
      "SparseSoftmaxCrossEntropy: logits must be float32 [N, C] and labels int32 [N], " +
        `got ${logits.type} [${logits.shape}] and ${labels.type} [${labels.shape}].`,
    );
  }
}

/** [N, 1] */
function isKept(graph: GraphBuilder, labels: Value, { ignoredLabel }: Attributes): Value {
  const isIgnored = graph.binary("Equal", labels, graph.scalar(ignoredLabel, "int32"), "bool");
  return graph.reshape(graph.unary("Not", isIgnored), [labels.shape[0]!, 1]);
}

function losses(graph: GraphBuilder, logits: Value, labels: Value, attributes: Attributes): Value[] {
  const [rows, classes] = logits.shape as [number, number];
  const number = (value: number) => graph.scalar(value, "float32");
  const largest = graph.reduce("ReduceMax", logits, [1], true); // [N, 1]
  const shifted = graph.sub(logits, largest); // [N, C], at most 0: exp cannot overflow
  const logarithm = graph.unary("Log", graph.reduce("ReduceSum", graph.unary("Exp", shifted), [1], true)); // [N, 1]
  const kept = isKept(graph, labels, attributes);
  const places = graph.where(kept, graph.reshape(labels, [rows, 1]), graph.scalar(0, "int32"));
  const atLabel = graph.one("GatherElements", [shifted, places], { axis: 1 }, { shape: [rows, 1], type: "float32" });
  const share = attributes.labelSmoothing;
  const even = () => graph.mul(graph.reduce("ReduceSum", shifted, [1], true), number(share / classes));
  const expected = share === 0 ? atLabel : graph.add(graph.mul(atLabel, number(1 - share)), even()); // Σ target · shifted
  const loss = graph.where(kept, graph.sub(logarithm, expected), number(0));
  return [graph.reshape(loss, [rows]), graph.reshape(graph.add(logarithm, largest), [rows])];
}

function gradient(graph: GraphBuilder, inputs: readonly Value[], attributes: Attributes): Value {
  const [logits, labels, logarithms, dy] = inputs as [Value, Value, Value, Value];
  const [rows, classes] = logits.shape as [number, number];
  const column = (x: Value) => graph.reshape(x, [rows, 1]);
  const names = graph.constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [classes],
    "int32",
  );
  const isLabel = graph.binary("Equal", column(labels), names, "bool"); // [N, C]
  const even = attributes.labelSmoothing / classes; // the target of every class but the label's
  const [hit, miss] = [1 - attributes.labelSmoothing + even, even].map((value) => graph.scalar(value, "float32"));
  const softmax = graph.unary("Exp", graph.sub(logits, column(logarithms)));
  const slopes = graph.where(isKept(graph, labels, attributes), column(dy), graph.scalar(0, "float32"));
  return graph.mul(graph.sub(softmax, graph.where(isLabel, hit!, miss!)), slopes);
}

export const crossEntropy: readonly Operation[] = [
  operation<Attributes>({
    kernel: "SparseSoftmaxCrossEntropy",
    inputs: ["logits", "labels"],
    several: true,
    infer: ([logits, labels]) => {
      assertRows(logits!, labels!);
      const row = { shape: [logits!.shape[0]!], type: "float32" } as const;
      return [row, row];
    },
    lower: (graph, [logits, labels], attributes) => {
      if (sizeOf(logits!.shape) === 0) {
        const empty = graph.uniform(0, [logits!.shape[0]!], "float32");
        return [empty, empty];
      }
      const lowered = graph.kernels ? crossEntropyKernel : losses;
      return lowered(graph, logits!, labels!, attributes);
    },
  }),
  operation<Attributes>({
    kernel: "SparseSoftmaxCrossEntropyGrad",
    inputs: ["logits", "labels", "logarithms", "dy"],
    infer: ([logits]) => logits!,
    lower: (graph, inputs, attributes) => {
      if (sizeOf(inputs[0]!.shape) === 0) return graph.uniform(0, inputs[0]!.shape, "float32");
      return graph.kernels
        ? crossEntropyGradientKernel(graph, inputs, attributes)
        : gradient(graph, inputs, attributes);
    },
  }),
];
