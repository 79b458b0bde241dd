import {
  concat,
  engine,
  memory,
  type NamedTensorMap,
  reshape,
  split,
  type Tensor,
  tensor,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder } from "../onnx/graph-builder.js";
import type { Value } from "../onnx/value.js";
import { length } from "../testing/arbitraries.js";
import { kernelTest } from "../testing/kernel-test.js";
import { type Numbers, numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";
import { attention } from "./attention.js";

const given = ({ shape, values }: Numbers) => tensor(values, [...shape]);

/** The result, the logarithms and the gradients, in plain loops of doubles. */
function byHand(inputs: Record<string, Numbers>, scale: number, causal: boolean): number[][] {
  const { q, k, v, mask, dy } = inputs as Record<"q" | "k" | "v" | "mask" | "dy", Numbers>;
  const [batch, heads, queries, width] = q.shape as [number, number, number, number];
  const [keys, valueWidth] = [k.shape[2]!, v.shape[3]!];
  const at = ({ shape, values }: Numbers, places: readonly number[]) => {
    const own = places.slice(places.length - shape.length).map((place, axis) => (shape[axis] === 1 ? 0 : place));
    return [own.reduce((index, place, axis) => index * shape[axis]! + place, 0), values] as const;
  };
  const read = (from: Numbers, ...places: number[]) => {
    const [index, values] = at(from, places);
    return values[index]!;
  };
  const zeros = ({ shape, values }: Numbers): Numbers => ({
    shape,
    values: new Float64Array(values.length) as never,
  });
  const [y, dq, dk, dv] = [dy, q, k, v].map(zeros) as [Numbers, Numbers, Numbers, Numbers];
  const add = (to: Numbers, value: number, ...places: number[]) => {
    const [index, values] = at(to, places);
    values[index]! += value;
  };
  const logarithms: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++) {
        const seen = causal ? Math.min(keys, i + 1) : keys;
        const scores = Array.from({ length: seen }, (_, j) => {
          let sum = 0;
          for (let d = 0; d < width; d++) sum += read(q, b, h, i, d) * read(k, b, h, j, d);
          return scale * sum + (mask ? read(mask, b, h, i, j) : 0);
        });
        const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
        logarithms.push(Math.log(total));
        const weights = scores.map((score) => Math.exp(score) / total);
        const slopes = weights.map((_, j) => {
          let sum = 0;
          for (let d = 0; d < valueWidth; d++) sum += read(dy, b, h, i, d) * read(v, b, h, j, d);
          return sum;
        });
        const mean = weights.reduce((sum, weight, j) => sum + weight * slopes[j]!, 0);
        for (const [j, weight] of weights.entries()) {
          for (let d = 0; d < valueWidth; d++) {
            add(y, weight * read(v, b, h, j, d), b, h, i, d);
            add(dv, weight * read(dy, b, h, i, d), b, h, j, d);
          }
          const slope = weight * (slopes[j]! - mean);
          for (let d = 0; d < width; d++) {
            add(dq, scale * slope * read(k, b, h, j, d), b, h, i, d);
            add(dk, scale * slope * read(q, b, h, i, d), b, h, j, d);
          }
        }
      }
  const [result, ...gradients] = [y, dq, dk, dv].map(({ values }) => Array.from(values));
  return [result!, logarithms, ...gradients];
}

function byEngine(inputs: Record<string, Numbers>, scale: number, causal: boolean): number[][] {
  return tidy(() => {
    const { dy, ...heads } = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, given(input)]));
    const run = (kernel: string, tensors: object) =>
      engine().runKernel<Tensor[]>(kernel, tensors as NamedTensorMap, { scale, causal });
    const [result, logarithms] = run("ScaledDotProductAttention", heads);
    const gradients = run("ScaledDotProductAttentionGrad", { ...heads, result, logarithms, dy });
    return [result!, logarithms!, ...gradients].map((tensor) => Array.from(tensor.dataSync()));
  });
}

function expectClose(got: number[][], expected: number[][]): void {
  expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const worst = Math.max(
    0,
    ...got.flatMap((values, i) =>
      values.map((x, j) => Math.abs(x - expected[i]![j]!) / (1 + Math.abs(expected[i]![j]!))),
    ),
  );
  expect(worst).toBeLessThan(1e-5);
}

afterAll(() => expect(memory().numTensors).toBe(0));

kernelTest("any shape, mask and order is the definition's", async () => {
  await useOnnx({ threads: 2, spin: false, interpret: false });
  const drawn = fc.record({
    batch: length(3),
    heads: length(3),
    queries: length(9),
    keys: length(9),
    width: length(5),
    valueWidth: length(5),
    maskAxes: fc.option(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())),
    maskRank: fc.integer({ min: 0, max: 4 }),
    causal: fc.boolean(),
    scale: fc.constantFrom(0.5, 1, -0.3),
  });
  fc.assert(
    fc.property(drawn, ({ batch, heads, queries, keys, width, valueWidth, maskAxes, maskRank, causal, scale }) => {
      const scores = [batch, heads, queries, keys];
      const mask = maskAxes && numbers(scores.map((n, axis) => (maskAxes[axis] ? n : 1)).slice(4 - maskRank), 5);
      const inputs = {
        q: numbers([batch, heads, queries, width], 1),
        k: numbers([batch, heads, keys, width], 2),
        v: numbers([batch, heads, keys, valueWidth], 3),
        ...(mask && { mask }),
        dy: numbers([batch, heads, queries, valueWidth], 4),
      };
      expectClose(byEngine(inputs, scale, causal), byHand(inputs, scale, causal));
    }),
    { numRuns: 40 },
  );
});

kernelTest("of a length beyond one tile", async () => {
  await useOnnx({ threads: 2, spin: false, interpret: false });
  const inputs = {
    q: numbers([1, 1, 130, 8], 1),
    k: numbers([1, 1, 300, 8], 2),
    v: numbers([1, 1, 300, 4], 3),
    dy: numbers([1, 1, 130, 4], 4),
  };
  for (const causal of [false, true]) expectClose(byEngine(inputs, 0.35, causal), byHand(inputs, 0.35, causal));
});

kernelTest("nothing to see gives zeros", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  const mask = { shape: [2, 2], values: Float32Array.of(-Infinity, -Infinity, 0, -Infinity) };
  const inputs = {
    q: numbers([1, 1, 2, 3], 1),
    k: numbers([1, 1, 2, 3], 2),
    v: { shape: [1, 1, 2, 1], values: Float32Array.of(5, 7) },
    mask,
    dy: { shape: [1, 1, 2, 1], values: Float32Array.of(1, 1) },
  };
  const [result, logarithms, dq, dk, dv] = byEngine(inputs, 1, false);
  expect(result).toEqual([0, 5]);
  expect(logarithms![0]).toBe(-Infinity);
  expect([dq, dk, dv]).toEqual([
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
    [1, 0],
  ]);
});

kernelTest("the same bits on 1, 2 and 3 threads", async () => {
  const inputs = {
    q: numbers([2, 2, 500, 8], 1),
    k: numbers([2, 2, 450, 8], 2),
    v: numbers([2, 2, 450, 8], 3),
    dy: numbers([2, 2, 500, 8], 4),
  };
  const results: number[][][] = [];
  for (const threads of [1, 2, 3]) {
    await useOnnx({ threads, spin: false, interpret: false });
    results.push(byEngine(inputs, 0.35, true));
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

/** q, k and v as a joint projection gives them, and the gradient's way back to it. */
function apart(graph: GraphBuilder, joint: Value): Value[] {
  return [0, 16, 32].map((begin) => {
    const part = graph.slice(joint, [0, 0, begin], [2, 5, 16]);
    return graph.transpose(graph.reshape(part, [2, 5, 4, 4]), [0, 2, 1, 3]); // [B, H, T, D]
  });
}

test("a joint projection is read in place, and its gradient written in one piece", () => {
  const graph = new GraphBuilder({ kernels: true });
  const joint = graph.input({ shape: [2, 5, 48], type: "float32" });
  const [forward, gradient] = attention;
  const attributes = { scale: 0.5, causal: false };
  const [q, k, v] = apart(graph, joint);
  const [result, logarithms] = forward!.lower(graph, [q!, k!, v!], { ...attributes, absent: ["mask"] }) as Value[];
  const rows = graph.reshape(graph.transpose(result!, [0, 2, 1, 3]), [2, 5, 16]);
  expect(rows.node!.inputs[0]!.node).toMatchObject({ type: "Attention", inputs: [joint, joint, joint] });
  const inputs = [q!, k!, v!, result!, logarithms!, result!];
  const gradients = gradient!.lower(graph, inputs, { ...attributes, absent: ["mask"] }) as Value[];
  const parts = gradients.map((part) => graph.reshape(graph.transpose(part, [0, 2, 1, 3]), [2, 5, 16]));
  const back = graph.concat(parts, 2);
  expect(back.node!.type).toBe("Reshape");
  expect(back.node!.inputs[0]!.node).toMatchObject({
    type: "AttentionGradient",
    outputs: [{ shape: [2, 5, 3, 4, 4] }],
  });
});

kernelTest("and its values are those of parts that lie apart", async () => {
  await useOnnx({ threads: 2, spin: false, interpret: false });
  const joint = numbers([2, 5, 48], 1);
  const dy = numbers([2, 4, 5, 4], 2);
  const attributes = { scale: 0.5, causal: true };
  const together = tidy(() => {
    const heads = split(given(joint), 3, 2).map((part) => transpose(reshape(part, [2, 5, 4, 4]), [0, 2, 1, 3]));
    const [q, k, v] = heads;
    const run = (kernel: string, tensors: object) =>
      engine().runKernel<Tensor[]>(kernel, tensors as NamedTensorMap, attributes);
    const [result, logarithms] = run("ScaledDotProductAttention", { q, k, v });
    const gradients = run("ScaledDotProductAttentionGrad", { q, k, v, result, logarithms, dy: given(dy) });
    const back = gradients.map((part) => reshape(transpose(part, [0, 2, 1, 3]), [2, 5, 16]));
    return Array.from(concat(back, 2).dataSync());
  });
  const inputs: Numbers[] = [];
  tidy(() => {
    const heads = split(given(joint), 3, 2).map((part) => transpose(reshape(part, [2, 5, 4, 4]), [0, 2, 1, 3]));
    for (const head of heads) inputs.push({ shape: head.shape, values: head.dataSync() as Float32Array });
  });
  const [q, k, v] = inputs as [Numbers, Numbers, Numbers];
  const expected = byHand({ q, k, v, dy }, 0.5, true).slice(2);
  const places = expected.map((values) =>
    tidy(() => Array.from(transpose(tensor(values, [2, 4, 5, 4]), [0, 2, 1, 3]).dataSync())),
  );
  const rows = Array.from({ length: 10 }, (_, row) => places.flatMap((part) => part.slice(16 * row, 16 * row + 16)));
  expectClose([together], [rows.flat()]);
});

test("what does not fit is refused", () => {
  const [forward] = attention;
  const type = (...shape: number[]) => ({ shape, type: "float32" }) as const;
  const infer =
    (...inputs: ReturnType<typeof type>[]) =>
    () =>
      forward!.infer(inputs, { scale: 1, causal: false, absent: inputs.length < 4 ? ["mask"] : [] });
  expect(infer(type(1, 2, 3, 4), type(1, 2, 5, 3), type(1, 2, 5, 4))).toThrow(
    "q must be [B, H, T, D], k [B, H, S, D] and v [B, H, S, V], all float32 and none empty, got float32 [1,2,3,4], float32 [1,2,5,3], float32 [1,2,5,4]",
  );
  expect(infer(type(1, 2, 0, 4), type(1, 2, 5, 4), type(1, 2, 5, 4))).toThrow("none empty, got float32 [1,2,0,4]");
  expect(infer(type(1, 2, 3, 4), type(1, 2, 5, 4), type(1, 2, 5, 4), type(4, 5))).toThrow("got [4,5] and [1,2,3,5]");
});
