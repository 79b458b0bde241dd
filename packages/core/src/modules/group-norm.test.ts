import { ones, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { groupNorm } from "./group-norm.js";

beforeAll(useTestBackend);

test("by hand: as many groups as features: each over all places, whatever its scale", () => {
  const y = groupNorm(2, 2, { epsilon: 0 })(tensor3d([1, -100, 3, 100], [1, 2, 2])); // [1, places, features]
  expect([...y.dataSync()]).toEqual([-1, -1, 1, 1]);
});

test("by hand: one group: all of a sample alike", () => {
  const y = groupNorm(1, 2, { epsilon: 0 })(tensor3d([1, 1, 3, 3, 5, 5, 5, 7], [2, 2, 2]));
  const [a, b] = [1 / Math.sqrt(3), Math.sqrt(3)]; // 5, 5, 5, 7: mean 5.5, deviation √0.75
  for (const [i, value] of [-1, -1, 1, 1, -a, -a, -a, b].entries()) expect(y.dataSync()[i]).toBeCloseTo(value, 6);
});

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase<{ groups: number; features: number }>>("group-norm")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { groups, features } = expected.options;
      expectAsPyTorch(groupNorm(groups, features), expected);
    });
  }
});

test("what cannot be is refused", () => {
  expect(() => groupNorm(2, 3)).toThrow("groups must divide the features, got 2 groups of 3 features");
  expect(() => groupNorm(1, 3)(ones([2, 4]))).toThrow("groupNorm: the input must be [N, ..., 3], got shape [2,4]");
});
