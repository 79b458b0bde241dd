import { expect, test } from "vitest";
import { holdAtEpochs } from "./epochs.js";

interface Callbacks {
  onEpochBegin(): Promise<void>;
  onEpochEnd(epoch: number, logs: { loss: number }): Promise<void>;
}

/** Stands for TensorFlow.js: `fit` tells its epochs to its callbacks, the loss of epoch n is 10 ÷ (n + 1). */
function library(heard: string[]) {
  class LayersModel {
    async fit(_x: string, _y: string, { epochs, callbacks }: { epochs: number; callbacks: Callbacks[] }) {
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (const callback of callbacks) await callback.onEpochBegin();
        heard.push(`epoch ${epoch}`);
        for (const callback of callbacks) await callback.onEpochEnd(epoch, { loss: 10 / (epoch + 1) });
      }
    }
    async fitDataset() {}
  }
  return { LayersModel, nextFrame: async () => {} };
}

test("model.fit runs an epoch at a time, when it is asked for, and its losses are told", async () => {
  const heard: string[] = [];
  const step = await holdAtEpochs(library(heard), async (tf) => {
    heard.push("set up");
    await new tf.LayersModel().fit("x", "y", { epochs: 5 } as never);
  });
  expect(heard).toEqual(["set up"]);
  expect([await step(), await step()]).toEqual([10, 5]);
  expect(heard).toEqual(["set up", "epoch 0", "epoch 1"]);
});

test("a loop of one's own runs from one nextFrame to the next", async () => {
  const heard: string[] = [];
  const step = await holdAtEpochs(library(heard), async (tf) => {
    for (let epoch = 0; ; epoch++) {
      await tf.nextFrame();
      heard.push(`epoch ${epoch}`);
    }
  });
  expect(heard).toEqual([]);
  await step();
  expect(heard).toEqual(["epoch 0"]);
  await step();
  expect(heard).toEqual(["epoch 0", "epoch 1"]);
});

test("a program's failure is the step's, before its first epoch and in one; so is its end", async () => {
  await expect(holdAtEpochs(library([]), async () => Promise.reject(new Error("no data")))).rejects.toThrow("no data");

  const failing = await holdAtEpochs(library([]), async (tf) => {
    await tf.nextFrame();
    throw new Error("no kernel");
  });
  await expect(failing()).rejects.toThrow("no kernel");

  const ending = await holdAtEpochs(library([]), (tf) => tf.nextFrame());
  await expect(ending()).rejects.toThrow(/must have more epochs/);
});
