import { memory, tensor1d, variable, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { gradientAccumulator } from "./gradient-accumulator.js";

beforeAll(useTestBackend);

test("by hand: [1, 2] and [3, 6] average to [2, 4], and then it starts anew", () => {
  const accumulator = gradientAccumulator({ x: variable(zeros([2])) });
  accumulator.add({ x: tensor1d([1, 2]) });
  accumulator.add({ x: tensor1d([3, 6]) });
  expect([...accumulator.take().x!.dataSync()]).toEqual([2, 4]);
  accumulator.add({ x: tensor1d([5, 5]) });
  expect([...accumulator.take().x!.dataSync()]).toEqual([5, 5]);
});

test("its state is all it remembers", () => {
  const parameters = { "fc.bias": variable(zeros([1])) };
  const first = gradientAccumulator(parameters);
  first.add({ "fc.bias": tensor1d([4]) });
  const second = gradientAccumulator(parameters);
  expect(Object.keys(first.state)).toEqual(["gradient_count", "gradient_sum/fc.bias"]);
  for (const [name, variable] of Object.entries(second.state)) variable.assign(first.state[name]!);
  second.add({ "fc.bias": tensor1d([8]) });
  expect(second.take()["fc.bias"]!.dataSync()[0]).toBe(6);
});

test("adding leaves no tensor; a missing gradient is named", () => {
  const accumulator = gradientAccumulator({ x: variable(zeros([2])) });
  const gradients = { x: tensor1d([1, 2]) };
  const before = memory().numTensors;
  accumulator.add(gradients);
  expect(memory().numTensors).toBe(before);
  expect(() => accumulator.add({ y: gradients.x })).toThrow("gradientAccumulator: x has no gradient");
});
