// Sums of numbers as characters, after TensorFlow.js's example "addition-rnn": a recurrent encoder, its state repeated, a recurrent decoder.
import * as tf from "@tensorflow/tfjs-node";

const DIGITS = 1;
const UNITS = 12;
const EXAMPLES = 24;
const BATCH = 12;
const EPOCHS = 2;
const CHARACTERS = "+0123456789 ";
const QUESTION = 2 * DIGITS + 1;
const ANSWER = DIGITS + 1;

const encode = (texts, length) =>
  tf.tidy(() => {
    const ids = texts.map((text) => [...text.padEnd(length)].map((character) => CHARACTERS.indexOf(character)));
    return tf.oneHot(tf.tensor2d(ids, [texts.length, length], "int32"), CHARACTERS.length).toFloat();
  });

function questions(count) {
  const number = () => Math.floor(Math.random() * 10 ** DIGITS);
  const pairs = Array.from({ length: count }, () => [number(), number()]);
  return [
    encode(
      pairs.map(([a, b]) => `${a}+${b}`),
      QUESTION,
    ),
    encode(
      pairs.map(([a, b]) => `${a + b}`),
      ANSWER,
    ),
  ];
}

const model = tf.sequential();
model.add(
  tf.layers.gru({ units: UNITS, inputShape: [QUESTION, CHARACTERS.length], recurrentInitializer: "glorotNormal" }),
);
model.add(tf.layers.repeatVector({ n: ANSWER }));
model.add(tf.layers.simpleRNN({ units: UNITS, returnSequences: true, recurrentInitializer: "glorotNormal" }));
model.add(tf.layers.timeDistributed({ layer: tf.layers.dense({ units: CHARACTERS.length }) }));
model.add(tf.layers.activation({ activation: "softmax" }));
model.compile({ loss: "categoricalCrossentropy", optimizer: "adam", metrics: ["accuracy"] });

const [x, y] = questions(EXAMPLES);
const [heldOutX, heldOutY] = questions(8);
const losses = [];
for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
  const { history } = await model.fit(x, y, {
    epochs: 1,
    batchSize: BATCH,
    validationData: [heldOutX, heldOutY],
    yieldEvery: "epoch",
    verbose: 0,
  });
  losses.push(history.loss[0], history.acc[0], history.val_loss[0], history.val_acc[0]);
}

export const found = { losses, answers: model.predict(heldOutX).argMax(-1).arraySync() };
