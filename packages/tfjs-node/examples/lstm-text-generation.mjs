// Text from a stack of LSTMs over characters, after TensorFlow.js's example "lstm-text-generation"; characters are drawn at a temperature.
import * as tf from "@tensorflow/tfjs-node";

const REPEATS = 2;
const TEXT = "the rain in spain stays mainly in the plain. ".repeat(REPEATS);
const LENGTH = 4;
const STEP = 5;
const UNITS = 12;
const BATCH = 8;
const EPOCHS = 2;
const characters = [...new Set(TEXT)].sort();

function examples() {
  const begins = [];
  for (let at = 0; at + LENGTH < TEXT.length; at += STEP) begins.push(at);
  tf.util.shuffle(begins);
  const inputs = tf.buffer([begins.length, LENGTH, characters.length]);
  const next = tf.buffer([begins.length, characters.length]);
  for (const [i, begin] of begins.entries()) {
    for (let t = 0; t < LENGTH; t += 1) inputs.set(1, i, t, characters.indexOf(TEXT[begin + t]));
    next.set(1, i, characters.indexOf(TEXT[begin + LENGTH]));
  }
  return [inputs.toTensor(), next.toTensor()];
}

function sample(probabilities, temperature) {
  return tf.tidy(() => {
    const logits = tf.div(tf.log(probabilities), Math.max(temperature, 1e-6));
    return tf.multinomial(logits, 1, null, false).dataSync()[0];
  });
}

const model = tf.sequential();
model.add(tf.layers.lstm({ units: UNITS, returnSequences: true, inputShape: [LENGTH, characters.length] }));
model.add(tf.layers.lstm({ units: UNITS }));
model.add(tf.layers.dense({ units: characters.length, activation: "softmax" }));
model.compile({ optimizer: tf.train.rmsprop(0.02), loss: "categoricalCrossentropy" });

const [inputs, next] = examples();
const { history } = await model.fit(inputs, next, {
  epochs: EPOCHS,
  batchSize: BATCH,
  validationSplit: 0.1,
  verbose: 0,
});

let text = TEXT.slice(0, LENGTH);
const probabilities = [];
for (let i = 0; i < 3; i += 1) {
  const ids = [...text.slice(-LENGTH)].map((character) => characters.indexOf(character));
  const input = tf.oneHot(tf.tensor1d(ids, "int32"), characters.length).expandDims(0).toFloat();
  const output = model.predict(input).squeeze();
  probabilities.push(output.arraySync());
  text += characters[sample(output, 0.6)];
}

export const found = { history, probabilities, text: [...text].map((character) => characters.indexOf(character)) };
