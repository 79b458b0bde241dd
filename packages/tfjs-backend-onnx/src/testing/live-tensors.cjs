// A process of its own, and a thread in one: the engine at once, a step of a small network that nobody reads, live tensors of every kind.
const tf = require("@tensorflow/tfjs-core");
const { useOnnxSync } = require("@autodidact/tfjs-backend-onnx");
require("@autodidact/tfjs-backend-onnx/gradients");

useOnnxSync({ threads: 2, interpret: process.argv[2] !== "compiled" });
const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
const w = tf.variable(tf.tensor2d([0.5, -1], [2, 1]));
const optimizer = tf.train.adam(0.1);
const train = (steps) => {
  for (let i = 0; i < steps; i += 1) optimizer.minimize(() => tf.mean(tf.square(tf.matMul(x, w))));
  return [...w.dataSync()];
};
const values = train(20);
const alive = [tf.add(x, 1), tf.mul(w, 2)]; // never computed

module.exports = { alive, train, values };
