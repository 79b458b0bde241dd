// A program as they are written for tfjs-node, copied into an empty folder by install-tfjs-node-alone.test.ts, which changes the name below.
const tf = require("@tensorflow/tfjs-node");

const IMAGES = 60;
const SIDE = 28;
const CLASSES = 10;

/** Made digits: a bright row for each class, in noise. */
function digits() {
  const noise = tf.randomUniform([IMAGES, SIDE, SIDE], 0, 0.3, "float32", 7).arraySync();
  const labels = noise.map((_, i) => i % CLASSES);
  for (const [i, image] of noise.entries()) image[2 * labels[i] + 4].fill(1);
  return {
    images: tf.tensor3d(noise).reshape([-1, SIDE * SIDE]),
    labels: tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES),
  };
}

function network() {
  const made = tf.sequential();
  const kernelInitializer = (seed) => tf.initializers.glorotUniform({ seed });
  made.add(
    tf.layers.dense({
      units: 16,
      activation: "relu",
      inputShape: [SIDE * SIDE],
      kernelInitializer: kernelInitializer(1),
    }),
  );
  made.add(tf.layers.dropout({ rate: 0.1, seed: 2 }));
  made.add(tf.layers.dense({ units: CLASSES, activation: "softmax", kernelInitializer: kernelInitializer(3) }));
  made.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return made;
}

async function main() {
  const sum = tf.tidy(() => tf.add(tf.scalar(1), 2).dataSync()[0]); // at once, before anything is awaited
  const { images, labels } = digits();
  const model = network();
  const { history } = await model.fit(images, labels, {
    epochs: 3,
    batchSize: 20,
    shuffle: false,
    validationSplit: 0.2,
  });
  await model.save("file://./mlp");
  const loaded = await tf.loadLayersModel("file://./mlp/model.json");
  const probabilities = loaded.predict(images.slice(0, 5));
  const furthest = probabilities
    .sub(model.predict(images.slice(0, 5)))
    .abs()
    .max();
  const picture = images.slice(0, 1).reshape([SIDE, SIDE, 1]).mul(255).toInt();
  const decoded = tf.node.decodePng(await tf.node.encodePng(picture), 1);
  console.log(
    JSON.stringify({
      backend: tf.getBackend(),
      sum,
      history,
      probabilities: probabilities.arraySync(),
      furthest: furthest.dataSync()[0],
      picture: decoded.sub(picture).abs().max().dataSync()[0],
      version: tf.version["tfjs-node"],
    }),
  );
}

main();
