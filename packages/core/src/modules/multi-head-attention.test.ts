import { ones, type Tensor3D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle, restored, type Stored } from "../testing/oracle.js";
import { multiHeadAttention } from "./multi-head-attention.js";

beforeAll(useTestBackend);

type Case = ModuleCase<{ size: number; heads: number }> & { mask?: Stored };

onEachEngine(() => {
  for (const expected of readOracle<Case>("multi-head-attention")) {
    test(`as torch.nn.MultiheadAttention: ${expected.name}`, () => {
      const { size, heads } = expected.options;
      const attention = multiHeadAttention(size, { heads, names: "torch", random: createRandom(0) });
      const mask = expected.mask && restored(expected.mask);
      const masked = Object.assign((x: Tensor3D) => attention(x, mask), { parameters: attention.parameters });
      expectAsPyTorch(masked, expected);
    });
  }
});

test("timm's names for the same tensors", () => {
  const attention = multiHeadAttention(4, { heads: 2, random: createRandom(0) });
  const shapes = Object.entries(attention.parameters).map(([name, { shape }]) => `${name} [${shape}]`);
  expect(shapes).toEqual(["qkv.weight [12,4]", "qkv.bias [12]", "proj.weight [4,4]", "proj.bias [4]"]);
});

test("starts as torch.nn.MultiheadAttention: xavier over [3 size, size], biases 0", () => {
  const { in_proj_weight, in_proj_bias } = multiHeadAttention(64, {
    heads: 1,
    names: "torch",
    random: createRandom(5),
  }).parameters;
  const largest = Math.max(...in_proj_weight!.dataSync());
  expect(largest).toBeLessThan(Math.sqrt(6 / 256)); // 0.1531
  expect(largest).toBeGreaterThan(0.152);
  expect(in_proj_bias!.dataSync().every((value) => value === 0)).toBe(true);
});

test("heads that do not divide the size are refused", () => {
  expect(() => multiHeadAttention(6, { heads: 4, random: createRandom(0) })).toThrow("got 4 heads of size 6");
  const attention = multiHeadAttention(4, { heads: 2, random: createRandom(0) });
  expect(() => attention(ones([1, 2, 6]) as Tensor3D)).toThrow("last axis must be 4");
});
