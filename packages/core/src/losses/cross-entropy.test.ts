import {
  backend,
  ones,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  valueAndGrad,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { chooseEngine } from "../engine/engine.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
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

const cases = ["cross-entropy", "cross-entropy-rows"].flatMap((name) =>
  readOracle<LossCase<CrossEntropyOptions>>(name),
);

onEachEngine(() => {
  for (const expected of cases) {
    test(`as PyTorch: ${expected.name}`, () => {
      expectLossAsPyTorch(({ logits, labels, rowWeights }) => {
        const options = { ...expected.options, rowWeights: rowWeights as Tensor1D | undefined };
        return crossEntropy(logits as never, labels as never, options);
      }, expected);
    });
  }

  test(`where no row counts the loss is 0, and so is its gradient`, () => {
    const logits = ones([2, 3]) as Tensor2D;
    const labels = tensor1d([-100, -100], "int32");
    const { value, grad } = valueAndGrad((x) => crossEntropy(x as Tensor2D, labels))(logits);
    expect([...value.dataSync(), ...grad.dataSync()].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});

test("a label that is no class is refused by the kernels", async () => {
  await chooseEngine({ engine: "onnx" });
  const loss = crossEntropy(zeros([2, 3]), tensor1d([1, 3], "int32"));
  if ("absent" in (backend() as unknown as { kernels: object }).kernels) return; // standard ONNX has an error of its own
  expect(() => loss.dataSync()).toThrow("labels must be -100 or in [0, 3), got 3 in row 1");
});

test("labels that do not fit are refused", () => {
  expect(() => crossEntropy(zeros([3, 4]), zeros([2], "int32"))).toThrow(
    "crossEntropy: logits must be [N, C] and labels [N], got [3,4] and [2]",
  );
  expect(() => crossEntropy(zeros([3, 4]), ones([3]))).toThrow("labels must be int32, got float32");
  expect(() => crossEntropy(zeros([3, 4]), zeros([3], "int32"), { rowWeights: ones([2]) })).toThrow(
    "rowWeights must have one number a row, got [2] for 3 rows",
  );
});
