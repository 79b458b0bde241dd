import "@autodidact/tfjs-backend-onnx/gradients";
import { useOnnxSync } from "@autodidact/tfjs-backend-onnx";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { fit } from "./layers.js";

test.each([
  ["a perceptron that reads nothing between batches", { batches: 20, read: 0, recurrent: 0 }, 8],
  ["a perceptron whose losses are read", { batches: 20, read: 1, recurrent: 0 }, 8],
])("two lines are all that model.fit needs: %s", async (_, size, graphs) => {
  const epochs = async () => {
    const epoch = fit(size);
    return [await epoch(), await epoch()];
  };
  const backend = useOnnxSync({ threads: 1, spin: false });
  const got = await epochs();
  expect(backend.stats().graphs).toBeLessThanOrEqual(graphs);
  await tf.setBackend("cpu");
  for (const [i, loss] of (await epochs()).entries()) expect(got[i]).toBeCloseTo(loss, 4);
});
