import { add, memory, mul, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { compileStep } from "../engine/compile-step.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { batchNorm } from "./batch-norm.js";
import { copyInto } from "./copy-into.js";

beforeAll(useTestBackend);

onEachEngine(() => {
  test("parameters and buffers are the other's, and go their own way afterwards, also when replayed", async () => {
    const [target, online] = [batchNorm(2), batchNorm(2)];
    online.parameters.weight!.assign(tensor1d([-0, 3]));
    online.buffers.running_var!.assign(tensor1d([7, 8]));
    copyInto(target, online);
    const { weight } = target.parameters;
    expect([...weight!.dataSync()]).toEqual([-0, 3]);
    expect([...target.buffers.running_var!.dataSync()]).toEqual([7, 8]);
    expect(target.buffers.num_batches_tracked!.dtype).toBe("int32");

    const step = compileStep(() => {
      weight!.assign(add(weight!, 1));
      online.parameters.weight!.assign(mul(online.parameters.weight!, 2));
      return {};
    });
    await step({});
    await step({});
    expect([...weight!.dataSync()]).toEqual([2, 5]);
    expect([...online.parameters.weight!.dataSync()]).toEqual([-0, 12]);
    step.dispose();
  });

  test("copies within a step, too", async () => {
    const [target, online] = [batchNorm(1), batchNorm(1)];
    const step = compileStep(() => {
      online.parameters.bias!.assign(add(online.parameters.bias!, 1));
      copyInto(target, online);
      return {};
    });
    await step({});
    await step({});
    expect(target.parameters.bias!.dataSync()[0]).toBe(2);
    expect(online.parameters.bias!.dataSync()[0]).toBe(2);
    step.dispose();
  });
});

test("leaves no tensor; modules unlike are refused before anything is copied", () => {
  const [target, online] = [batchNorm(2), batchNorm(2)];
  const before = memory().numTensors;
  copyInto(target, online);
  expect(memory().numTensors).toBe(before);
  online.parameters.weight!.assign(tensor1d([5, 5]));
  expect(() => copyInto(target, { ...online, buffers: {} } as never)).toThrow(
    "copyInto: target and online must have the same buffers, and running_mean is float32 [2] in target, missing in online.",
  );
  expect([...target.parameters.weight!.dataSync()]).toEqual([1, 1]);
});
