/** Activation functions of neural networks. */
import { broadcastShape, sameShape } from "../onnx/shape.js";
import { type Attributes, type GraphBuilder, type Operation, operation, type Value } from "./operation.js";
import { type Curve, unary } from "./unary.js";

// Klambauer et al. 2017, https://arxiv.org/abs/1706.02515, eq. 2.
const SELU = { alpha: { float: 1.6732632423543772 }, gamma: { float: 1.0507009873554805 } };

/** 1 above zero, alpha elsewhere, NaN at NaN. */
const step: Curve<{ alpha: number }> = (graph, x, { alpha }) => {
  const clipped = graph.one("Clip", [x, graph.scalar(0, x.type), graph.scalar(1, x.type)], {}, x);
  const isPositive = x.type === "int32" ? clipped : graph.unary("Ceil", clipped); // 1, 0 or NaN
  const low = x.type === "int32" ? Math.trunc(alpha) : alpha;
  return graph.add(graph.mul(isPositive, graph.scalar(1 - low, x.type)), graph.scalar(low, x.type));
};

const relu6: Curve<Attributes> = (graph, x) =>
  graph.one("Clip", [x, graph.scalar(0, x.type), graph.scalar(6, x.type)], {}, x);

/** y is the activation's result: its slope is 1 where y ≥ 0 and y + 1 = exp(x) below. */
function eluGradient(graph: GraphBuilder, dy: Value, y: Value): Value {
  const slope = graph.add(graph.binary("Min", y, graph.scalar(0, "float32")), graph.scalar(1, "float32"));
  return graph.mul(dy, slope);
}

function softmax(kernel: string, axis: (attributes: { dim: number; axis: number }) => number): Operation {
  return operation<{ dim: number; axis: number }>({
    kernel,
    inputs: ["logits"],
    infer: ([logits]) => ({ shape: logits!.shape, type: "float32" }),
    lower: (graph, [logits], attributes) => {
      const x = graph.cast(logits!, "float32");
      return graph.one(kernel, [x], { axis: axis(attributes) }, x);
    },
  });
}

export const activations: readonly Operation[] = [
  unary("Relu", (graph, x) => graph.unary("Relu", x), "int32"),
  unary("Relu6", relu6, "int32"),
  unary("Elu", (graph, x) => graph.unary("Elu", x)),
  unary("Selu", (graph, x) => graph.unary("Selu", x, SELU)),
  unary("Sigmoid", (graph, x) => graph.unary("Sigmoid", x)),
  unary("Softplus", (graph, x) => graph.unary("Softplus", x)),
  unary("Step", step, "int32"),
  unary<{ alpha: number }>(
    "LeakyRelu",
    (graph, x, { alpha }) => graph.unary("LeakyRelu", x, { alpha: { float: alpha } }),
    "float32",
    "float32",
  ),
  operation({
    kernel: "Prelu",
    inputs: ["x", "alpha"],
    infer: ([x, alpha]) => ({ shape: broadcastShape(x!.shape, alpha!.shape), type: "float32" }),
    lower: (graph, [x, alpha]) => {
      const shape = broadcastShape(x!.shape, alpha!.shape);
      const wide = sameShape(x!.shape, shape) ? x! : graph.expand(x!, shape);
      return graph.one(
        "PRelu",
        [graph.cast(wide, "float32"), graph.cast(alpha!, "float32")],
        {},
        { shape, type: "float32" },
      );
    },
  }),
  operation({
    kernel: "EluGrad",
    inputs: ["dy", "y"],
    infer: ([, y]) => ({ shape: y!.shape, type: "float32" }),
    lower: (graph, [dy, y]) => eluGradient(graph, graph.cast(dy!, "float32"), graph.cast(y!, "float32")),
  }),
  softmax("Softmax", ({ dim }) => dim),
  softmax("LogSoftmax", ({ axis }) => axis),
];
