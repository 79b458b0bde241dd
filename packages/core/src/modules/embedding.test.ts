import { ones } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { embedding } from "./embedding.js";

beforeAll(useTestBackend);

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase<{ sizes: [number, number] }>>("embedding")) {
    test(`as PyTorch: ${expected.name}`, () => {
      expectAsPyTorch(embedding(...expected.options.sizes, { random: createRandom(0) }), expected);
    });
  }
});

test("starts as N(0, 1)", () => {
  const values = [...embedding(100, 50, { random: createRandom(1) }).parameters.weight!.dataSync()];
  const square = values.reduce((total, v) => total + v * v, 0) / values.length;
  expect(square).toBeGreaterThan(0.94);
  expect(square).toBeLessThan(1.06); // three standard errors of 5,000 draws
});

test("real ids are refused", () => {
  expect(() => embedding(4, 2, { random: createRandom(0) })(ones([3]))).toThrow("ids must be int32, got float32");
});
