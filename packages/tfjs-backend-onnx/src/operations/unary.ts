/** Elementwise functions of one tensor. */
import type { ElementType } from "../onnx/element-type.js";
import { numberAt } from "../onnx/late-numbers.js";
import { convert } from "./conversion.js";
import {
  type Attributes,
  type Changing,
  type GraphBuilder,
  type Operation,
  operation,
  type Value,
} from "./operation.js";

export type Curve<A> = (graph: GraphBuilder, x: Value, attributes: A) => Value;

/** Integers and booleans go `through` a type that ONNX Runtime computes in; the result has the operand's type unless told. */
export function unary<A = Attributes>(
  kernel: string,
  curve: Curve<A>,
  through: ElementType = "float32",
  result?: ElementType,
): Operation {
  return operation<A>({
    kernel,
    inputs: ["x"],
    infer: ([x]) => ({ shape: x!.shape, type: result ?? x!.type }),
    lower: (graph, [x], attributes) => {
      const type = x!.type === "float32" ? "float32" : through;
      return convert(graph, curve(graph, graph.cast(x!, type), attributes), result ?? x!.type);
    },
  });
}

function native(kernel: string, through: "float32" | "int32" = "float32"): Operation {
  return unary(kernel, (graph, x) => graph.unary(kernel, x), through);
}

/** Integers stay what they are. */
function rounding(kernel: string): Operation {
  return unary(kernel, (graph, x) => (x.type === "float32" ? graph.unary(kernel, x) : x), "int32");
}

function question(kernel: string, answer: (graph: GraphBuilder, x: Value) => Value): Operation {
  return operation({
    kernel,
    inputs: ["x"],
    infer: ([x]) => ({ shape: x!.shape, type: "bool" }),
    lower: (graph, [x]) => answer(graph, graph.cast(x!, "float32")),
  });
}

const number = (graph: GraphBuilder, value: number, type: ElementType = "float32") => graph.scalar(value, type);

/** TensorFlow.js gives NaN the sign 0. */
const sign: Curve<Attributes> = (graph, x) => {
  const signs = graph.unary("Sign", x);
  return x.type === "float32" ? graph.where(graph.unary("IsNaN", x, {}, "bool"), number(graph, 0), signs) : signs;
};

/** ONNX Runtime's Tan is off in the last digit where it is steep. */
const tan: Curve<Attributes> = (graph, x) => {
  const angle = graph.cast(x, "float64");
  return graph.cast(graph.div(graph.unary("Sin", angle), graph.unary("Cos", angle)), "float32");
};

/** exp(x) − 1; near zero, where that cancels, 2t / (1 − t) with t = tanh(x / 2). */
const expm1: Curve<Attributes> = (graph, x) => {
  const one = number(graph, 1);
  const t = graph.unary("Tanh", graph.mul(x, number(graph, 0.5)));
  const near = graph.div(graph.add(t, t), graph.sub(one, t));
  const far = graph.sub(graph.unary("Exp", x), one);
  return graph.where(graph.binary("Less", graph.unary("Abs", x), one, "bool"), near, far);
};

/** log(1 + x), less what the sum 1 + x has lost or won by rounding. */
const log1p: Curve<Attributes> = (graph, x) => {
  const one = number(graph, 1);
  const sum = graph.add(x, one);
  const error = graph.div(graph.sub(graph.sub(sum, one), x), sum);
  const isInfinite = graph.unary("IsNaN", error, {}, "bool"); // at −1 and ∞ the logarithm is right as it is
  return graph.sub(graph.unary("Log", sum), graph.where(isInfinite, number(graph, 0), error));
};

interface Bounds {
  clipValueMin: number;
  clipValueMax: number;
}

/** A bound as the type holds it. */
const bound = (value: number, type: ElementType) =>
  type === "int32" ? Math.max(-(2 ** 31), Math.min(value, 2 ** 31 - 1)) : value;

const clip: Curve<Bounds> = (graph, x, { clipValueMin, clipValueMax }) => {
  const [low, high] = [clipValueMin, clipValueMax].map((value) => number(graph, bound(value, x.type), x.type));
  return graph.one("Clip", [x, low, high], {}, x);
};

const changingBounds: Changing<Bounds> = {
  take: ([x], { clipValueMin, clipValueMax }) => {
    const type = x!.type === "float32" ? "float32" : "int32";
    return { numbers: [bound(clipValueMin, type), bound(clipValueMax, type)], type, others: {} };
  },
  give: ({ 0: clipValueMin, 1: clipValueMax }) => ({ clipValueMin: clipValueMin!, clipValueMax: clipValueMax! }),
  lower: (graph, [x], numbers) => {
    const [low, high] = [0, 1].map((i) => numberAt(graph, numbers, i));
    const within = graph.cast(x!, numbers.type);
    return convert(graph, graph.one("Clip", [within, low, high], {}, within), x!.type);
  },
};

export const unaries: readonly Operation[] = [
  ...["Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cos", "Cosh", "Sin", "Sinh", "Tanh"].map((kernel) =>
    native(kernel),
  ),
  ...["Log", "Sqrt", "Reciprocal", "Erf"].map((kernel) => native(kernel)),
  native("Abs", "int32"),
  unary("Neg", (graph, x) => graph.neg(x), "int32"),
  ...["Ceil", "Floor", "Round"].map(rounding),
  unary("Exp", (graph, x) => graph.unary("Exp", x), "float64", "float32"),
  unary("Tan", tan),
  unary("Expm1", expm1),
  unary("Log1p", log1p),
  unary("Rsqrt", (graph, x) => graph.div(number(graph, 1), graph.unary("Sqrt", x))),
  unary("Square", (graph, x) => graph.mul(x, x), "int32"),
  unary("Sign", sign, "int32"),
  { ...unary("ClipByValue", clip, "int32"), changing: changingBounds as unknown as Changing },
  question("IsNan", (graph, x) => graph.unary("IsNaN", x, {}, "bool")),
  question("IsInf", (graph, x) => graph.unary("IsInf", x, {}, "bool")),
  question("IsFinite", (graph, x) =>
    graph.binary("Less", graph.unary("Abs", x), number(graph, Number.POSITIVE_INFINITY), "bool"),
  ),
];
