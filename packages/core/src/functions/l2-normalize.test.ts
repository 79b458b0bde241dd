import { grad, sum, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { l2Normalize } from "./l2-normalize.js";

beforeAll(useTestBackend);

test("by hand: [3, 4] becomes [0.6, 0.8]", () => {
  const [x, y] = l2Normalize(tensor2d([[3, 4]])).dataSync();
  expect(x).toBeCloseTo(0.6, 6);
  expect(y).toBeCloseTo(0.8, 6);
});

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase>("l2-normalize")) {
    test(`as PyTorch: ${expected.name}`, () => {
      expectAsPyTorch(
        Object.assign((x: Tensor) => l2Normalize(x), { parameters: {} }),
        expected,
      );
    });
  }
});

test("a row of zeros stays and its gradient is finite", () => {
  const zeros = tensor2d([[0, 0]]);
  expect([...l2Normalize(zeros).dataSync()]).toEqual([0, 0]);
  const slope = grad((x: Tensor) => sum(l2Normalize(x)))(zeros).dataSync();
  expect(slope.every(Number.isFinite)).toBe(true);
});
