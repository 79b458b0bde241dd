// Variational autoencoder, after TensorFlow.js's example "fashion-mnist-vae": a layer of one's own draws z, a loop of one's own trains.
import * as tf from "@tensorflow/tfjs-node";

const SIDE = 8;
const PIXELS = SIDE * SIDE;
const HIDDEN = 16;
const LATENT = 2;
const IMAGES = 24;
const BATCH = 8;
const EPOCHS = 3;

class Sampling extends tf.layers.Layer {
  static className = "Sampling";
  computeOutputShape([mean]) {
    return mean;
  }
  call([mean, logVariance]) {
    return tf.tidy(() => {
      const noise = tf.randomNormal(mean.shape, 0, 1);
      return mean.add(logVariance.div(2).exp().mul(noise));
    });
  }
}
tf.serialization.registerClass(Sampling);

function makeEncoder() {
  const input = tf.input({ shape: [PIXELS] });
  const hidden = tf.layers.dense({ units: HIDDEN, activation: "relu" }).apply(input);
  const mean = tf.layers.dense({ units: LATENT, name: "mean" }).apply(hidden);
  const logVariance = tf.layers.dense({ units: LATENT, name: "log-variance" }).apply(hidden);
  const z = new Sampling().apply([mean, logVariance]);
  return tf.model({ inputs: input, outputs: [mean, logVariance, z], name: "encoder" });
}

function makeDecoder() {
  const decoder = tf.sequential({ name: "decoder" });
  decoder.add(tf.layers.dense({ units: HIDDEN, activation: "relu", inputShape: [LATENT] }));
  decoder.add(tf.layers.dense({ units: PIXELS, activation: "sigmoid" }));
  return decoder;
}

function lossOf(images, mean, logVariance, decoded) {
  return tf.tidy(() => {
    const reconstruction = tf.losses.meanSquaredError(images, decoded).mul(PIXELS);
    const divergence = logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum(-1).mul(-0.5);
    return reconstruction.add(divergence).mean();
  });
}

const encoder = makeEncoder();
const decoder = makeDecoder();
const optimizer = tf.train.adam(0.005);
const data = tf.randomUniform([IMAGES, PIXELS]).greater(0.6).toFloat();
const losses = [];
for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
  await tf.nextFrame();
  for (let batch = 0; batch < IMAGES / BATCH; batch += 1) {
    const images = data.slice([batch * BATCH, 0], [BATCH, PIXELS]);
    const loss = optimizer.minimize(() => {
      const [mean, logVariance, z] = encoder.apply(images);
      return lossOf(images, mean, logVariance, decoder.apply(z));
    }, true);
    losses.push((await loss.data())[0]);
    tf.dispose([images, loss]);
  }
}

export const found = { losses, drawn: decoder.predict(tf.tensor2d([[0.5, -0.5]])).arraySync() };
