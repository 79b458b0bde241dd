// A new head on a trained network, after TensorFlow.js's example "webcam-transfer-learning": files of images, a model from a folder, cut off.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-node";

const SIDE = 16;
const CLASSES = 2;
const PICTURES = 8;
const FILTERS = 8;
const UNITS = 10;
const BATCH = 4;
const EPOCHS = 2;
const folder = mkdtempSync(join(tmpdir(), "transfer-"));

/** Stands for MobileNet: depthwise separable convolutions with batch norms, saved in a folder. */
async function savedNetwork() {
  const network = tf.sequential();
  network.add(
    tf.layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 4, kernelSize: 3, strides: 2, padding: "same" }),
  );
  network.add(tf.layers.batchNormalization());
  network.add(tf.layers.reLU({ maxValue: 6 }));
  network.add(tf.layers.depthwiseConv2d({ kernelSize: 3, padding: "same", useBias: false }));
  network.add(tf.layers.conv2d({ filters: FILTERS, kernelSize: 1, activation: "relu", name: "cut" }));
  network.add(tf.layers.globalAveragePooling2d({}));
  network.add(tf.layers.dense({ units: 10, activation: "softmax" }));
  await network.save(`file://${folder}/network`);
}

/** Reddish and bluish pictures, the class in their names. */
async function savedPictures() {
  for (let i = 0; i < PICTURES; i += 1) {
    const noise = tf.randomUniform([SIDE, SIDE, 3], 0, 120);
    const tint = tf.tensor1d(i % 2 ? [100, 20, 0] : [0, 20, 100]);
    writeFileSync(join(folder, `${i}-${i % 2}.jpg`), await tf.node.encodeJpeg(noise.add(tint).toInt(), "rgb", 90));
  }
}

await savedNetwork();
await savedPictures();
const network = await tf.loadLayersModel(`file://${folder}/network/model.json`);
const truncated = tf.model({ inputs: network.inputs, outputs: network.getLayer("cut").output });

const names = readdirSync(folder).filter((name) => name.endsWith(".jpg"));
const features = tf.concat(
  names.map((name) =>
    tf.tidy(() => {
      const image = tf.node.decodeImage(readFileSync(join(folder, name)), 3);
      const scaled = tf.image.resizeBilinear(image, [SIDE, SIDE]).toFloat().div(127).sub(1);
      return truncated.predict(scaled.expandDims(0));
    }),
  ),
);
const labels = tf.oneHot(
  names.map((name) => Number(name.at(-5))),
  CLASSES,
);

const head = tf.sequential();
head.add(tf.layers.flatten({ inputShape: truncated.outputs[0].shape.slice(1) }));
head.add(tf.layers.dense({ units: UNITS, activation: "relu", kernelInitializer: "varianceScaling" }));
head.add(
  tf.layers.dense({ units: CLASSES, kernelInitializer: "varianceScaling", useBias: false, activation: "softmax" }),
);
head.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
const batchLosses = [];
await head.fit(features, labels, {
  batchSize: BATCH,
  epochs: EPOCHS,
  verbose: 0,
  callbacks: { onBatchEnd: async (_, logs) => void batchLosses.push(logs.loss) },
});
rmSync(folder, { recursive: true });

export const found = { batchLosses, predicted: head.predict(features).arraySync() };
