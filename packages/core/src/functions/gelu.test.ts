import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { gelu, geluTanh } from "./gelu.js";

beforeAll(useTestBackend);

test("by hand: gelu(1) = Φ(1) = 0.841345; far from zero it is x or 0", () => {
  const [one, far, below] = gelu(tensor1d([1, 50, -50])).dataSync();
  expect(one).toBeCloseTo(0.841345, 5);
  expect(far).toBe(50);
  expect(below).toBeCloseTo(0, 6);
});

const functions: Record<string, (x: Tensor) => Tensor> = { exact: gelu, tanh: geluTanh };

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase>("gelu")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const activation = functions[expected.name]!;
      expectAsPyTorch(
        Object.assign((x: Tensor) => activation(x), { parameters: {} }),
        expected,
      );
    });
  }
});
