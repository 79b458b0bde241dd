import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { type MlpOptions, mlp } from "./mlp.js";
import { training } from "./mode.js";

beforeAll(useTestBackend);

type Case = ModuleCase<{ sizes: number[]; batchNorm: MlpOptions["batchNorm"] }>;

onEachEngine(() => {
  for (const expected of readOracle<Case>("mlp")) {
    test(`as torch.nn.Sequential: ${expected.name}`, () => {
      const { sizes, batchNorm } = expected.options;
      const layers = mlp(sizes, { batchNorm, random: createRandom(0) });
      training(() => expectAsPyTorch(layers, expected));
    });
  }
});

test("running statistics are named after their layer", () => {
  const { buffers } = mlp([4, 5, 3], { batchNorm: "hidden", random: createRandom(0) });
  expect(Object.keys(buffers)).toEqual(["1.running_mean", "1.running_var", "1.num_batches_tracked"]);
});

test("the output has no bias where it is not wanted", () => {
  const names = (outputBias: boolean) =>
    Object.keys(mlp([4, 5, 3], { outputBias, random: createRandom(0) }).parameters);
  expect(names(true)).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
  expect(names(false)).toEqual(["0.weight", "0.bias", "2.weight"]);
});

test("a layer more leaves the first layers' values as they were", () => {
  const short = mlp([4, 5, 3], { random: createRandom(2) }).parameters;
  const long = mlp([4, 5, 3, 2], { random: createRandom(2) }).parameters;
  expect([...long["2.weight"]!.dataSync()]).toEqual([...short["2.weight"]!.dataSync()]);
});

test("one size is no layer", () => {
  expect(() => mlp([4], { random: createRandom(0) })).toThrow("mlp: sizes must hold at least an input and an output");
});
