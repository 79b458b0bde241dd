// Temperatures from the weather before, after TensorFlow.js's example "jena-weather": a GRU with dropout, fed by a generator of batches.
import * as tf from "@tensorflow/tfjs-node";

const LOOK_BACK = 4;
const FEATURES = 3;
const BATCH = 8;
const BATCHES = 3;
const UNITS = 8;
const HOURS = 80;
const HELD_OUT = 40;
const EPOCHS = 2;

/** Hours of made weather: days' waves and noise. */
const weather = Array.from({ length: HOURS + HELD_OUT }, (_, hour) =>
  Array.from({ length: FEATURES }, (_, k) => Math.sin(hour / 4 + k) + 0.1 * Math.random()),
);

function* batches(from, to) {
  for (let at = from; at + BATCH + LOOK_BACK < to; at += BATCH) {
    const samples = tf.buffer([BATCH, LOOK_BACK, FEATURES]);
    const targets = tf.buffer([BATCH, 1]);
    for (let i = 0; i < BATCH; i += 1) {
      for (let t = 0; t < LOOK_BACK; t += 1)
        for (let k = 0; k < FEATURES; k += 1) samples.set(weather[at + i + t][k], i, t, k);
      targets.set(weather[at + i + LOOK_BACK][0], i, 0);
    }
    yield { xs: samples.toTensor(), ys: targets.toTensor() };
  }
}

const model = tf.sequential();
model.add(tf.layers.gru({ units: UNITS, inputShape: [LOOK_BACK, FEATURES], dropout: 0.1, recurrentDropout: 0.1 }));
model.add(tf.layers.dense({ units: 1, kernelRegularizer: tf.regularizers.l2({ l2: 1e-3 }) }));
model.compile({ optimizer: "rmsprop", loss: "meanAbsoluteError" });

const training = tf.data
  .generator(() => batches(0, HOURS))
  .repeat()
  .prefetch(2);
const validation = tf.data.generator(() => batches(HOURS, HOURS + HELD_OUT));
const { history } = await model.fitDataset(training, {
  epochs: EPOCHS,
  batchesPerEpoch: BATCHES,
  validationData: validation,
  validationBatches: 1,
  verbose: 0,
});
const [{ xs }] = await validation.take(1).toArray();

export const found = { history, predicted: model.predict(xs).arraySync() };
