/** Elementwise arithmetic of two tensors, broadcast. */
import { broadcastShape } from "../onnx/shape.js";
import { type Operation, operation } from "./operation.js";

export const arithmetic: readonly Operation[] = [
  operation({
    kernel: "Add",
    inputs: ["a", "b"],
    infer: ([a, b]) => ({ shape: broadcastShape(a!.shape, b!.shape), type: a!.type }),
    lower: (graph, [a, b]) => graph.add(a!, b!),
  }),
  operation({
    kernel: "Multiply",
    inputs: ["a", "b"],
    infer: ([a, b]) => ({ shape: broadcastShape(a!.shape, b!.shape), type: a!.type }),
    lower: (graph, [a, b]) => graph.mul(a!, b!),
  }),
];
