import { memory, scalar, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { batchNorm } from "./batch-norm.js";
import { linear } from "./linear.js";
import { defineModule } from "./module.js";
import { moveTowards } from "./move-towards.js";
import { filledParameter } from "./parameter.js";

beforeAll(useTestBackend);

const single = (value: number) =>
  defineModule((x: number) => x, { parameters: { weight: filledParameter([1], value) } });

onEachEngine(() => {
  test("by hand: 4, three quarters held, moves to 3 on its way to 0, by a number or by a scalar", () => {
    for (const momentum of [0.75, scalar(0.75)]) {
      const [target, online] = [single(4), single(0)];
      moveTowards(target, online, momentum);
      expect(target.parameters.weight!.dataSync()[0]).toBe(3);
      expect(online.parameters.weight!.dataSync()[0]).toBe(0);
      moveTowards(target, online, momentum);
      expect(target.parameters.weight!.dataSync()[0]).toBe(2.25);
    }
  });
});

test("running statistics stay the target's own", () => {
  const [target, online] = [batchNorm(2), batchNorm(2)];
  online.buffers.running_mean!.assign(tensor1d([5, 6]));
  online.parameters.bias!.assign(tensor1d([5, 6]));
  moveTowards(target, online, 0);
  expect([...target.parameters.bias!.dataSync()]).toEqual([5, 6]);
  expect([...target.buffers.running_mean!.dataSync()]).toEqual([0, 0]);
});

test("leaves no tensor; what does not match, or no share, is refused", () => {
  const random = createRandom(1);
  const [target, online] = [linear(3, 2, { random }), linear(3, 2, { random })];
  const before = memory().numTensors;
  moveTowards(target, online, 0.9);
  expect(memory().numTensors).toBe(before);
  expect(() => moveTowards(target, linear(4, 2, { random }), 0.9)).toThrow(
    "moveTowards: target and online must have the same parameters, and weight is float32 [2,3] in target, float32 [2,4] in online.",
  );
  expect(() => moveTowards(target, linear(3, 2, { random, bias: false }), 0.9)).toThrow(
    "bias is float32 [2] in target, missing in online",
  );
  expect(() => moveTowards(target, online, 1.1)).toThrow("momentum must be between 0 and 1, got 1.1");
});
