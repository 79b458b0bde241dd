import { ones, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { layerNorm } from "./layer-norm.js";

beforeAll(useTestBackend);

test("by hand: every row gets mean 0 and variance 1, whatever its scale", () => {
  const y = layerNorm(2, { epsilon: 0 })(
    tensor2d([
      [1, 3],
      [-100, 100],
    ]),
  );
  expect([...y.dataSync()]).toEqual([-1, 1, -1, 1]);
});

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase<{ features: number; epsilon?: number }>>("layer-norm")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { features, epsilon } = expected.options;
      expectAsPyTorch(layerNorm(features, { epsilon }), expected);
    });
  }
});

test("an input of another width is refused", () => {
  expect(() => layerNorm(3)(ones([2, 4]))).toThrow("layerNorm: the input's last axis must be 3, got shape [2,4]");
});
