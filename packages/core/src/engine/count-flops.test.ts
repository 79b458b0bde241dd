import {
  avgPool,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  einsum,
  engine,
  fused,
  matMul,
  maxPool,
  mean,
  memory,
  pad,
  relu,
  reshape,
  slice,
  softmax,
  type Tensor,
  type Tensor4D,
  tensor,
  topk,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, it, test } from "vitest";
import { gelu } from "../functions/gelu.js";
import { layerNormalize } from "../functions/layer-normalize.js";
import { scaledDotProductAttention } from "../functions/scaled-dot-product-attention.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { counted, countFlops } from "./count-flops.js";

beforeAll(() => useTestBackend());

const image = () => zeros([2, 8, 8, 3]) as Tensor4D;

const cases: Record<string, [run: () => Tensor, products: number, elements: number]> = {
  "a product [4, 5] × [5, 6]": [() => matMul(zeros([4, 5]), zeros([5, 6])), 2 * 4 * 5 * 6, 0],
  "its first operand transposed": [() => matMul(zeros([5, 4]), zeros([5, 6]), true), 2 * 4 * 5 * 6, 0],
  "three of them": [() => matMul(zeros([3, 4, 5]), zeros([3, 6, 5]), false, true), 3 * 2 * 4 * 5 * 6, 0],
  "a product with bias and ReLU": [
    () => fused.matMul({ a: zeros([4, 5]), b: zeros([5, 6]), bias: zeros([6]), activation: "relu" }),
    2 * 4 * 5 * 6,
    2 * 4 * 6,
  ],
  "a 3 × 3 convolution of stride 2": [
    () => conv2d(image(), zeros([3, 3, 3, 5]), 2, "same"),
    2 * (2 * 4 * 4 * 5) * (3 * 3 * 3),
    0,
  ],
  "one for each channel": [
    () => depthwiseConv2d(image(), zeros([3, 3, 3, 2]), 1, "same"),
    2 * (2 * 8 * 8 * 3 * 2) * (3 * 3),
    0,
  ],
  "a transposed convolution": [
    () => conv2dTranspose(image(), zeros([2, 2, 5, 3]), [2, 16, 16, 5], 2, "same"),
    2 * (2 * 8 * 8 * 3) * (2 * 2 * 5),
    0,
  ],
  "an einsum that is a product": [
    () => einsum("bij,bkj->bik", zeros([3, 4, 5]), zeros([3, 6, 5])),
    3 * 2 * 4 * 5 * 6,
    0,
  ],
  "windows of 3 × 3 and of 2 × 4": [
    () => {
      maxPool(image(), 3, 2, "same"); // [2, 4, 4, 3]
      return avgPool(image(), [2, 4], [2, 4], "valid"); // [2, 4, 2, 3]
    },
    0,
    2 * 4 * 4 * 3 * 9 + 2 * 4 * 2 * 3 * 8,
  ],
  "a mean, a softmax, a ReLU": [
    () => {
      mean(zeros([4, 5]), 1);
      softmax(zeros([4, 5]));
      return relu(zeros([4, 5]));
    },
    0,
    4 * 5 + 5 * 4 * 5 + 4 * 5,
  ],
  "what is moved": [
    () =>
      pad(slice(transpose(reshape(image(), [2, 192])), [0, 0], [3, 2]), [
        [1, 1],
        [0, 0],
      ]),
    0,
    0,
  ],
};

test.each(Object.entries(cases))("%s", (_, [run, products, elements]) => {
  expect(countFlops(run)).toEqual({ products, elements, uncounted: [] });
});

it("names what it has no rule for, and lets go of TensorFlow.js after an error too", () => {
  expect(countFlops(() => topk(tensor([3, 1, 2]), 1).values)).toMatchObject({ uncounted: ["TopK"] });
  const fail = () => {
    throw new Error("by hand");
  };
  expect(() => countFlops(fail)).toThrow("by hand");
  expect(Object.hasOwn(engine(), "runKernel")).toBe(false);
});

it("gives the result and leaves no tensor", () => {
  const before = memory().numTensors;
  const input = tensor([-1, 2]);
  const { result, flops } = counted(() => relu(input));
  expect([...result.dataSync()]).toEqual([0, 2]);
  expect(flops.elements).toBe(2);
  expect(countFlops(() => relu(input))).toEqual(flops);
  for (const made of [input, result]) made.dispose();
  expect(memory().numTensors).toBe(before);
});

onEachEngine(() => {
  test("attention, a layer norm and GELU cost the same by whatever they are computed", () => {
    const [n, heads, length, size] = [2, 3, 7, 4];
    const states = n * heads * length;
    const apart = () => zeros([n, heads, length, size]) as Tensor4D;
    expect(countFlops(() => scaledDotProductAttention(apart(), apart(), apart()))).toEqual({
      products: 2 * (2 * states * length * size), // q kᵀ and its product with v
      elements: states * size + 5 * states * length, // q is scaled, then a softmax
      uncounted: [],
    });
    // mean, x − mean, its square, mean, · 1/σ, · weight, + bias; of each row ε is added and 1/√ taken
    expect(countFlops(() => layerNormalize(zeros([6, 5]), zeros([5]), zeros([5]), 1e-6))).toEqual({
      products: 0,
      elements: 7 * 6 * 5 + 2 * 6,
      uncounted: [],
    });
    // x/√2, erf, · ½, + ½, · x
    expect(countFlops(() => gelu(zeros([6, 5])))).toEqual({ products: 0, elements: 5 * 6 * 5, uncounted: [] });
  });

  test("what may be seen adds one a score, and little else", () => {
    const [length, size] = [64, 32];
    const apart = () => zeros([1, 2, length, size]) as Tensor4D;
    const mask = () => zeros([1, 1, 1, length], "bool");
    const flops = countFlops(() => scaledDotProductAttention(apart(), apart(), apart(), { mask: mask() }));
    expect(flops.products).toBe(2 * (2 * 2 * length * length * size));
    expect(flops.uncounted).toEqual([]);
    const expected = 2 * length * size + 6 * 2 * length * length;
    expect(Math.abs(flops.elements / expected - 1)).toBeLessThan(0.1);
  });
});
