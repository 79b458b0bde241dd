// Convolutional network on digits, after the architecture of TensorFlow.js's example "mnist-node": pairs of convolutions, pooling, dropout.
import * as tf from "@tensorflow/tfjs-node";

const IMAGES = 48;
const SIDE = 16;
const CLASSES = 4;
const FILTERS = 4;
const UNITS = 16;
const BATCH = 12;
const EPOCHS = 2;

function digits() {
  const labels = Array.from({ length: IMAGES }, (_, i) => i % CLASSES);
  const pixels = labels.map((label) =>
    Array.from(
      { length: SIDE * SIDE },
      (_, at) => (Math.floor(at / SIDE) % CLASSES === label ? 0.8 : 0) + 0.2 * Math.random(),
    ),
  );
  return {
    images: tf.tensor2d(pixels).reshape([IMAGES, SIDE, SIDE, 1]),
    labels: tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES),
  };
}

const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [SIDE, SIDE, 1], filters: FILTERS, kernelSize: 3, activation: "relu" }));
model.add(tf.layers.conv2d({ filters: FILTERS, kernelSize: 3, activation: "relu" }));
model.add(tf.layers.maxPooling2d({ poolSize: [2, 2] }));
model.add(tf.layers.conv2d({ filters: 2 * FILTERS, kernelSize: 3, activation: "relu" }));
model.add(tf.layers.maxPooling2d({ poolSize: [2, 2] }));
model.add(tf.layers.flatten());
model.add(tf.layers.dropout({ rate: 0.25 }));
model.add(tf.layers.dense({ units: UNITS, activation: "relu" }));
model.add(tf.layers.dropout({ rate: 0.5 }));
model.add(tf.layers.dense({ units: CLASSES, activation: "softmax" }));
model.compile({ optimizer: "rmsprop", loss: "categoricalCrossentropy", metrics: ["accuracy"] });

const { images, labels } = digits();
const { history } = await model.fit(images, labels, {
  epochs: EPOCHS,
  batchSize: BATCH,
  validationSplit: 0.25,
  verbose: 0,
});
const [loss, accuracy] = model.evaluate(images, labels);

export const found = {
  history,
  evaluated: [loss.dataSync()[0], accuracy.dataSync()[0]],
  predicted: model.predict(images.slice(0, 2)).arraySync(),
};
