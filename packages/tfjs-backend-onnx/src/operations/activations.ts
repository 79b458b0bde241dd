/** Activation functions of neural networks. */
import { numberAt } from "../onnx/late-numbers.js";
import { broadcastShape, sameShape } from "../onnx/shape.js";
import { convert } from "./conversion.js";
import {
  type Changing,
  type GraphBuilder,
  NO_OTHERS,
  type Operation,
  operation,
  type TensorType,
  type Value,
} from "./operation.js";
import { type Curve, unary } from "./unary.js";

// Klambauer et al. 2017, https://arxiv.org/abs/1706.02515, eq. 2.
const SELU = { alpha: { float: 1.6732632423543772 }, gamma: { float: 1.0507009873554805 } };

interface Slope {
  alpha: number;
}

/** 1 above zero, `low` elsewhere, NaN at NaN; they are `rise` apart. */
function stepped(graph: GraphBuilder, x: Value, low: Value, rise: Value): Value {
  const clipped = graph.one("Clip", [x, graph.scalar(0, x.type), graph.scalar(1, x.type)], {}, x);
  const isPositive = x.type === "int32" ? clipped : graph.unary("Ceil", clipped); // 1, 0 or NaN
  return graph.add(graph.mul(isPositive, rise), low);
}

const step: Curve<Slope> = (graph, x, { alpha }) => {
  const low = x.type === "int32" ? Math.trunc(alpha) : alpha;
  return stepped(graph, x, graph.scalar(low, x.type), graph.scalar(1 - low, x.type));
};

/** `curve` gets x in the type in which it computes, that of alpha. */
function changingAlpha(
  typeOf: (x: TensorType) => "float32" | "int32",
  curve: (graph: GraphBuilder, x: Value, alpha: Value) => Value,
  result?: "float32",
): Changing {
  const changing: Changing<Slope> = {
    take: ([x], { alpha }) => {
      const type = typeOf(x!);
      return { numbers: [type === "int32" ? Math.trunc(alpha) : alpha], type, others: NO_OTHERS };
    },
    give: ({ 0: alpha }) => ({ alpha: alpha! }),
    lower: (graph, [x], numbers) => {
      const y = curve(graph, graph.cast(x!, numbers.type), numberAt(graph, numbers, 0));
      return convert(graph, y, result ?? x!.type);
    },
  };
  return changing as unknown as Changing;
}

const changingLow = changingAlpha(
  ({ type }) => (type === "float32" ? "float32" : "int32"),
  (graph, x, low) => stepped(graph, x, low, graph.sub(graph.scalar(1, x.type), low)),
);

const changingSlope = changingAlpha(
  () => "float32",
  (graph, x, slope) => {
    const isBelow = graph.binary("Less", x, graph.scalar(0, "float32"), "bool");
    return graph.where(isBelow, graph.mul(x, slope), x);
  },
  "float32",
);

const relu6: Curve<unknown> = (graph, x) =>
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
  { ...unary("Step", step, "int32"), changing: changingLow },
  {
    ...unary<Slope>(
      "LeakyRelu",
      (graph, x, { alpha }) => graph.unary("LeakyRelu", x, { alpha: { float: alpha } }),
      "float32",
      "float32",
    ),
    changing: changingSlope,
  },
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
