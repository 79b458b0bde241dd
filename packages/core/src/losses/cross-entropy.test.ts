import { ones, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { type CrossEntropyOptions, crossEntropy } from "./cross-entropy.js";

beforeAll(useTestBackend);

test("by hand: of four equal logits each is worth log 4", () => {
  const loss = crossEntropy(zeros([3, 4]), tensor1d([0, 1, 3], "int32"));
  expect(loss.dataSync()[0]).toBeCloseTo(Math.log(4), 6);
});

test("by hand: with the label's logit 1 above the other's, −log(e / (e + 1)) = 0.3133", () => {
  const logits = tensor2d([
    [1, 0],
    [-1, 0],
  ]);
  expect(crossEntropy(logits, tensor1d([0, 1], "int32")).dataSync()[0]).toBeCloseTo(0.3133, 4);
});

for (const expected of readOracle<LossCase<CrossEntropyOptions>>("cross-entropy")) {
  test(`as PyTorch: ${expected.name}`, () => {
    expectLossAsPyTorch(
      ({ logits, labels }) => crossEntropy(logits as never, labels as never, expected.options),
      expected,
    );
  });
}

test("labels that do not fit are refused", () => {
  expect(() => crossEntropy(zeros([3, 4]), zeros([2], "int32"))).toThrow(
    "crossEntropy: logits must be [N, C] and labels [N], got [3,4] and [2]",
  );
  expect(() => crossEntropy(zeros([3, 4]), ones([3]))).toThrow("labels must be int32, got float32");
});
