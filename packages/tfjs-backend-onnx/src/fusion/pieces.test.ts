import { expect, test } from "vitest";
import { tensorsOf } from "../lazy/engine.js";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import type { Value } from "../onnx/value.js";
import { kernelTest } from "../testing/kernel-test.js";
import { numbers } from "../testing/same-as-cpu.js";
import { startOnnx } from "../use-onnx.js";
import { fuse } from "./fuse.js";
import { fuseInPieces } from "./pieces.js";

/** x ← relu(x · w + b) and a sum of each, so often; every fourth result is reshaped on the way. */
function layers(graph: GraphBuilder, count: number): Value[] {
  const [w, b] = [graph.input({ shape: [16, 16], type: "float32" }), graph.input({ shape: [16], type: "float32" })];
  let x: Value = graph.input({ shape: [32, 16], type: "float32" });
  const sums: Value[] = [];
  for (let i = 0; i < count; i += 1) {
    x = graph.unary("Relu", graph.add(graph.matMul(x, w), graph.mul(b, graph.scalar(i + 2, "float32"))));
    if (i % 4 === 3) x = graph.reshape(graph.reshape(x, [16, 32]), [32, 16]);
    sums.push(graph.reduce("ReduceSum", graph.reshape(x, [2, 16, 16]), [0], false));
  }
  return [x, ...sums];
}

function typesOf(outputs: readonly Value[]): string[] {
  return outputs.map(({ shape, type }) => `${type}[${shape}]`);
}

test("a graph that is fused in pieces has the same outputs, and hardly more nodes", () => {
  const graph = new GraphBuilder({ kernels: true });
  const outputs = layers(graph, 24);
  const whole = fuse(graph, outputs);
  const pieces = fuse(graph, outputs, 40);
  expect(typesOf(pieces)).toEqual(typesOf(whole));
  const [count, inPieces] = [whole, pieces].map((values) => neededNodes(values).length);
  expect(inPieces).toBeGreaterThanOrEqual(count!);
  expect(inPieces).toBeLessThan(1.3 * count!);
  const inputs = (values: readonly Value[]) =>
    new Set(
      neededNodes(values).flatMap((node) => node.inputs.filter((value) => value && !value.node && !value.constant)),
    );
  expect(inputs(pieces)).toEqual(inputs(whole)); // nothing stands in for a value any more
});

test("no piece is larger than told, and each node is in one: the work grows with the graph", () => {
  const graph = new GraphBuilder({ kernels: true });
  const outputs = layers(graph, 60);
  const nodes = neededNodes(outputs);
  const sizes: number[] = [];
  fuseInPieces(
    graph,
    nodes,
    outputs,
    (part) => {
      sizes.push(neededNodes(part).length);
      return part;
    },
    32,
  );
  expect(sizes.length).toBe(Math.ceil(nodes.length / 32));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(32);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(nodes.length);
});

kernelTest("it computes the same numbers", () => {
  const { lazy } = startOnnx({ threads: 1, spin: false });
  const run = (largest?: number) => {
    const graph = new GraphBuilder({ kernels: true });
    const outputs = fuse(graph, layers(graph, 12), largest);
    const session = lazy.runtime.createSession(graph.encode(outputs), 3, outputs.length);
    const inputs = [[16, 16], [16], [32, 16]].map((shape, seed) => {
      const buffer = lazy.pool.acquire(shape, "float32");
      buffer.elements.set(numbers(shape, seed).values as never);
      return buffer;
    });
    const results = outputs.map(({ shape }) => lazy.pool.acquire(shape, "float32"));
    session.run(tensorsOf(inputs), tensorsOf(results));
    return results.map((buffer) => [...(buffer.read() as Float32Array)]);
  };
  const whole = run();
  for (const [i, values] of run(20).entries())
    for (const [j, value] of values.entries()) expect(value / whole[i]![j]! || 1).toBeCloseTo(1, 4);
});
