/** Comparisons, logic and choice between two tensors. */
import { broadcastShape } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";

type Test = (graph: GraphBuilder, a: Value, b: Value) => Value;

function test(kernel: string, decide: Test): Operation {
  return operation({
    kernel,
    inputs: ["a", "b"],
    infer: ([a, b]) => ({ shape: broadcastShape(a!.shape, b!.shape), type: "bool" }),
    lower: (graph, [a, b]) => decide(graph, a!, b!),
  });
}

function comparison(onnx: string): Test {
  return (graph, a, b) => {
    const type = a.type === "float32" || b.type === "float32" ? "float32" : "int32";
    return graph.binary(onnx, graph.cast(a, type), graph.cast(b, type), "bool");
  };
}

function logic(onnx: string): Test {
  return (graph, a, b) => graph.binary(onnx, graph.cast(a, "bool"), graph.cast(b, "bool"));
}

const equal = comparison("Equal");

export const comparisons: readonly Operation[] = [
  test("Equal", equal),
  test("NotEqual", (graph, a, b) => graph.unary("Not", equal(graph, a, b))),
  test("Greater", comparison("Greater")),
  test("GreaterEqual", comparison("GreaterOrEqual")),
  test("Less", comparison("Less")),
  test("LessEqual", comparison("LessOrEqual")),
  test("LogicalAnd", logic("And")),
  test("LogicalOr", logic("Or")),
  operation({
    kernel: "LogicalNot",
    inputs: ["x"],
    infer: ([x]) => ({ shape: x!.shape, type: "bool" }),
    lower: (graph, [x]) => graph.unary("Not", graph.cast(x!, "bool")),
  }),
  operation({
    kernel: "Select",
    inputs: ["condition", "t", "e"],
    infer: ([, t, e]) => ({ shape: t!.shape, type: upcast(t!.type, e!.type) }),
    lower: (graph, [condition, t, e]) => {
      const type = upcast(t!.type, e!.type);
      // A vector chooses whole rows.
      const rows = condition!.shape.length === 1 && t!.shape.length > 1;
      const mask = rows
        ? graph.reshape(condition!, [condition!.shape[0]!, ...t!.shape.slice(1).map(() => 1)])
        : condition!;
      return select(graph, graph.cast(mask, "bool"), graph.cast(t!, type), graph.cast(e!, type));
    },
  }),
];

function upcast<T>(a: T, b: T): T {
  const order: readonly unknown[] = ["bool", "int32", "float32"];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** ONNX Runtime's Where knows no booleans. */
function select(graph: GraphBuilder, mask: Value, t: Value, e: Value): Value {
  if (t.type !== "bool") return graph.where(mask, t, e);
  return graph.binary("Or", graph.binary("And", mask, t), graph.binary("And", graph.unary("Not", mask), e));
}
