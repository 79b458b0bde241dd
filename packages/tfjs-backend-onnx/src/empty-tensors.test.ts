import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findKernels } from "@autodidact/kernels";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "../dist/gradients.js";
import { expect, test } from "vitest";
import { operations } from "./operations/index.js";
import { kernelTest } from "./testing/kernel-test.js";
import { samples } from "./testing/sample-calls.js";
import { useOnnx } from "./use-onnx.js";

const hasKernels = !("absent" in findKernels());
const choices = hasKernels ? ["on", "off"] : ["off"];
const program = fileURLToPath(new URL("testing/empty-tensors.ts", import.meta.url));

/** What it wrote; a call that takes the process down, or never ends, is the last one named. */
function comparison(kernels: string): Promise<string[]> {
  const child = spawn(process.execPath, ["--import", "tsx", program, kernels], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 200_000,
    killSignal: "SIGKILL",
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => child.on("close", () => resolve(text.trim().split("\n"))));
}

test.each(choices)("every kernel does with axes of no length what TensorFlow.js does, kernels %s", async (kernels) => {
  const lines = await comparison(kernels);
  expect(lines.filter((line) => line.startsWith("differs"))).toEqual([]);
  expect(lines.at(-1)).toMatch(/^done [5-9]\d\d$/);
});

test("every operation that TensorFlow.js's CPU backend has too is among them", () => {
  const own = operations.filter(({ needsKernels }) => needsKernels).map(({ kernel }) => kernel);
  const missing = operations
    .map(({ kernel }) => kernel)
    .filter((name) => !samples.some(({ kernel }) => kernel === name));
  expect(missing.toSorted()).toEqual([...own, "Adam", "BroadcastTo", "LogSoftmax"].toSorted());
});

const convolution = (stride: number) => (x: tf.Tensor, w: tf.Tensor) =>
  tf.sum(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "same"));
const none = (...shape: number[]) => tf.zeros(shape);

test.each<[string, () => tf.Tensor | tf.Tensor[]]>([
  ["log-softmax", () => tf.logSoftmax(none(0, 3))],
  ["broadcast", () => tf.broadcastTo(tf.ones([1, 3]), [0, 3])],
  ["convolution", () => tf.grads(convolution(1))([none(0, 5, 5, 2), tf.ones([3, 3, 2, 4])])],
  ["convolution with strides", () => tf.grads(convolution(2))([none(0, 5, 5, 2), tf.ones([3, 3, 2, 4])])],
  ["max pool", () => tf.grad((x) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, "same")))(none(0, 4, 4, 2))],
  ["mean pool", () => tf.grad((x) => tf.sum(tf.avgPool(x as tf.Tensor4D, 2, 2, "same")))(none(0, 4, 4, 2))],
  ["embedding", () => tf.grad((x) => tf.sum(tf.gather(x, tf.tensor1d([], "int32"))))(tf.ones([5, 3]))],
  ["dense layer", () => tf.grads((x, w) => tf.sum(tf.relu(tf.matMul(x, w))))([none(0, 4), tf.ones([4, 3])])],
  ["concatenation", () => tf.grads((a, b) => tf.sum(tf.square(tf.concat([a, b]))))([none(0, 2), tf.ones([3, 2])])],
])("gradients and compositions: %s", async (_, make) => {
  const values = [];
  await useOnnx({ threads: 1, spin: false, interpret: false });
  for (const backend of ["cpu", "onnx"]) {
    await tf.setBackend(backend);
    const made = [make()].flat();
    values.push(made.map((tensor) => [tensor.dtype, tensor.shape, [...tensor.dataSync()]]));
  }
  expect(values[1]).toEqual(values[0]);
});

test("a step over no examples leaves the parameters as they are", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  const weights = tf.variable(tf.ones([3, 2]));
  const nothing = tf.variable(none(0, 2));
  const step = () =>
    tf.train.adam(0.1).minimize(() => tf.add(tf.sum(tf.matMul(none(0, 3), weights)), tf.sum(nothing)), true);
  expect(step()!.dataSync()[0]).toBe(0);
  expect([...weights.dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
  expect(nothing.shape).toEqual([0, 2]);
  expect(nothing.dataSync()).toHaveLength(0);
});

kernelTest("operations of our own give tensors without elements, or say that they take none", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  const call = (kernel: string, inputs: object, attributes: object) =>
    [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(kernel, inputs as tf.NamedTensorMap, attributes as never)].flat();
  const labels = tf.tensor1d([], "int32");
  const rows = call(
    "SparseSoftmaxCrossEntropy",
    { logits: none(0, 3), labels },
    { labelSmoothing: 0, ignoredLabel: -1 },
  );
  for (const row of rows) expect([row.shape, row.dataSync().length]).toEqual([[0], 0]);
  const [utterances, counts] = [tf.zeros([0, 2], "int32"), tf.zeros([0], "int32")];
  const ctc = call("CtcLoss", { logits: none(0, 4, 3), labels: utterances, lengths: counts, frames: counts }, {});
  expect(ctc.map(({ shape }) => shape)).toEqual([[0], [0, 4, 3]]);
  expect(() => call("CtcLoss", { logits: none(2, 4, 3), labels, lengths: counts, frames: counts }, {})).toThrow(
    "CtcLoss: logits must be float32 [N, F, V]",
  );
  const crops = call("ResizedCrop", { images: none(0, 4, 4, 3), boxes: none(0, 4) }, { size: 2 });
  expect([crops[0]!.shape, crops[0]!.dataSync().length]).toEqual([[0, 3, 2, 2], 0]);
  const key = tf.tensor1d([1, 2, 3, 4], "int32");
  expect(() => call("Dropout", { x: none(0, 3), key }, {})).toThrow("x must be float32 and not empty");
  const q = none(0, 1, 2, 2);
  expect(() => call("ScaledDotProductAttention", { q, k: q, v: q }, {})).toThrow("none empty");
});
