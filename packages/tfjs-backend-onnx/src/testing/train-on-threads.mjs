// A process of its own: three steps of a small network on so many threads; prints the digest of its parameters.
// The number of threads is settled by the first useOnnx of a process.
import { createHash } from "node:crypto";
import { useOnnx } from "@autodidact/tfjs-backend-onnx";
import "@autodidact/tfjs-backend-onnx/gradients";
import * as tf from "@tensorflow/tfjs-core";

const [threads, kernels] = [Number(process.argv[2]), process.argv[3] === "kernels"];
const backend = await useOnnx({ threads, kernels, spin: false, interpret: false });

/** @param {number[]} shape @param {number} seed */
const wave = (shape, seed) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 0.2 * Math.sin(seed + i * 0.7)),
    shape,
  );
const shapes = { first: [3, 3, 3, 32], second: [3, 3, 32, 48], gain: [48], linear: [48, 300], head: [300, 10] };
const weights = Object.entries(shapes).map(([name, shape], i) => tf.variable(wave(shape, i), true, name));
const [first, second, gain, linear, head] = weights;
const optimizer = tf.train.momentum(0.05, 0.9);
const images = wave([24, 17, 17, 3], 9);
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 24 }, (_, i) => i % 10),
    "int32",
  ),
  10,
);

for (let step = 0; step < 3; step += 1) {
  optimizer.minimize(
    () => {
      const x = tf.relu(tf.conv2d(images, first, 1, "same")); // [24, 17, 17, 32]
      const y = tf.conv2d(x, second, 2, "same"); // [24, 9, 9, 48]
      const { mean, variance } = tf.moments(y, [0, 1, 2]);
      const normal = tf.mul(tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-5))), gain);
      const rows = tf.reshape(tf.relu(normal), [24 * 81, 48]);
      const z = tf.tanh(tf.matMul(rows, linear)); // [1944, 300]
      const logits = tf.matMul(tf.mean(tf.reshape(z, [24, 81, 300]), 1), head);
      return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1)));
    },
    false,
    weights,
  );
  backend.flush();
}
const hash = createHash("sha256");
for (const weight of weights) {
  const values = weight.dataSync();
  if (!values.every(Number.isFinite)) throw new Error(`${weight.name} is not finite`);
  hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
process.stdout.write(hash.digest("hex"));
