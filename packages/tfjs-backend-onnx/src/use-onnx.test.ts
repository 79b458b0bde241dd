import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "../dist/gradients.js";
import { expect, test } from "vitest";
import { compile } from "./compile.js";
import { type OnnxOptions, startOnnx, useOnnx } from "./index.js";

test.each<[object, string]>([
  [
    { thread: 4 },
    "useOnnx: an option must be one of provider, threads, libraryPath, graphs, interpret, spin, kernels, profilePrefix, got thread.",
  ],
  [{ provider: "cuda" }, 'provider "cuda" is not in this ONNX Runtime'],
  [{ provider: null }, `provider must be "cpu" or "webgpu", got null`],
  [{ threads: 0 }, "threads must be a whole number from 1 to 1024, got 0"],
  [{ threads: -1 }, "got -1"],
  [{ threads: 2.5 }, "got 2.5"],
  [{ threads: Number.NaN }, "got NaN"],
  [{ threads: 1e9 }, "got 1000000000"],
  [{ threads: "2" }, "threads must be a whole number from 1 to 1024, got '2'"],
  [{ graphs: 0 }, "graphs must be a whole number of at least 1, got 0"],
  [{ graphs: Infinity }, "got Infinity"],
  [{ spin: "no" }, "spin must be true or false, got 'no'"],
  [{ kernels: 1 }, "kernels must be true, false or the path of the kernels' library, got 1"],
  [{ kernels: "" }, "got ''"],
  [{ libraryPath: "" }, "libraryPath must be the path of ONNX Runtime's library, got ''"],
  [{ profilePrefix: true }, "profilePrefix must be the beginning of a file's path, got true"],
])("%o is refused with what is allowed", async (options, message) => {
  expect(() => startOnnx(options as OnnxOptions)).toThrow(message);
  await expect(useOnnx(options as OnnxOptions)).rejects.toThrow(message);
});

test("what is no object of options is refused, and what is undefined is left out", async () => {
  for (const options of [null, 4, "cpu"])
    await expect(useOnnx(options as never)).rejects.toThrow("must be an object of provider, ");
  expect(startOnnx({ threads: 1, spin: undefined, kernels: undefined }).lazy.runtime.options.threads).toBe(1);
});

const OPTIONS = { threads: 1, spin: false, interpret: false };

test("after a second start, and after the backend was removed, tensors of before keep their values", async () => {
  await useOnnx(OPTIONS);
  const x = tf.tensor1d([1, 2, 3]);
  const pending = tf.add(x, 1);
  const weights = tf.variable(tf.mul(x, 2));
  const step = compile(({ y }) => ({ sum: tf.add(y!, weights) }));
  expect([...(await step({ y: x })).sum.dataSync()]).toEqual([3, 6, 9]);

  await useOnnx({ ...OPTIONS, kernels: false });
  expect([...tf.add(pending, x).dataSync()]).toEqual([3, 5, 7]);
  await expect(step({ y: x })).rejects.toThrow("the backend was started anew after this step was compiled");
  weights.assign(tf.add(weights, 1) as tf.Tensor1D);

  tf.removeBackend("onnx");
  expect([...pending.dataSync()]).toEqual([2, 3, 4]);
  await expect(async () => tf.setBackend("onnx")).rejects.toThrow("not found");
  await tf.setBackend("cpu");
  expect([...tf.add(pending, 1).dataSync()]).toEqual([3, 4, 5]);

  await useOnnx(OPTIONS);
  tf.train.sgd(1).minimize(() => tf.sum(weights));
  expect([...weights.dataSync()]).toEqual([2, 4, 6]);
  expect([...tf.mul(pending, x).dataSync()]).toEqual([2, 6, 12]);
  step.dispose();
  tf.dispose([x, pending, weights]);
});

test("a failure of before a new start is told by the tensors of before alone", async () => {
  await useOnnx(OPTIONS);
  const places = tf.add(tf.tensor1d([5], "int32"), tf.scalar(0, "int32")) as tf.Tensor1D;
  const bad = tf.gather(tf.ones([2]), places);
  const weights = tf.variable(tf.ones([2]));
  await useOnnx(OPTIONS);
  expect(() => tf.add(bad, 1)).toThrow("the index value 5 is not in [0, 1]");
  weights.assign(tf.add(weights, 1) as tf.Tensor1D);
  expect([...weights.dataSync()]).toEqual([2, 2]);
});

test.each<[string, () => tf.Tensor]>([
  ["too few", () => tf.tensor([[1, 2], [3]] as never)],
  ["too few whole numbers", () => tf.tensor([[1, 2], [3]] as never, undefined, "int32")],
  ["too many", () => tf.tensor([[[1]], [[2, 3]]] as never)],
  ["some where none belong", () => tf.tensor([[], [1]] as never)],
])("arrays with rows of different lengths are taken as TensorFlow.js takes them: %s", async (_, make) => {
  tf.env().set("TENSORLIKE_CHECK_SHAPE_CONSISTENCY", false);
  await useOnnx(OPTIONS);
  const results = [];
  for (const backend of ["cpu", "onnx"]) {
    await tf.setBackend(backend);
    const x = make();
    results.push([x.shape, x.dtype, [...x.dataSync()], [...tf.add(x, 1).dataSync()].slice(0, 3)]);
  }
  expect(results[1]).toEqual(results[0]);
});
