// Sequence to sequence over characters, after TensorFlow.js's example "translation": an LSTM's states begin another's, and then word by word.
import * as tf from "@tensorflow/tfjs-node";

const COPIES = 1;
const SENTENCES = [
  ["go", "va"],
  ["run", "cours"],
  ["hop", "saute"],
  ["aid", "aide"],
];
const PAIRS = Array(COPIES).fill(SENTENCES).flat();
const UNITS = 10;
const BATCH = 2;
const EPOCHS = 2;
const [BEGIN, END] = ["\t", "\n"];
const targets = PAIRS.map(([, text]) => BEGIN + text + END);
const alphabet = (texts) => [...new Set(texts.join(""))].sort();
const inputCharacters = alphabet(PAIRS.map(([text]) => text));
const targetCharacters = alphabet(targets);
const longest = (texts) => Math.max(...texts.map(({ length }) => length));

function oneHot(texts, characters) {
  const values = tf.buffer([texts.length, longest(texts), characters.length]);
  for (const [i, text] of texts.entries())
    for (const [t, character] of [...text].entries()) values.set(1, i, t, characters.indexOf(character));
  return values.toTensor();
}

const encoderInput = tf.input({ shape: [null, inputCharacters.length], name: "encoder-input" });
const encoderLstm = tf.layers.lstm({ units: UNITS, returnState: true });
const [, ...encoderStates] = encoderLstm.apply(encoderInput);
const decoderInput = tf.input({ shape: [null, targetCharacters.length], name: "decoder-input" });
const decoderLstm = tf.layers.lstm({ units: UNITS, returnSequences: true, returnState: true });
const [decoded] = decoderLstm.apply([decoderInput, ...encoderStates]);
const dense = tf.layers.dense({ units: targetCharacters.length, activation: "softmax" });
const model = tf.model({ inputs: [encoderInput, decoderInput], outputs: dense.apply(decoded) });
model.compile({ optimizer: "rmsprop", loss: "categoricalCrossentropy" });

const encoderData = oneHot(
  PAIRS.map(([text]) => text),
  inputCharacters,
);
const decoderData = oneHot(targets, targetCharacters);
const decoderTarget = oneHot(
  targets.map((text) => text.slice(1).padEnd(longest(targets), END)),
  targetCharacters,
);
const { history } = await model.fit([encoderData, decoderData], decoderTarget, {
  batchSize: BATCH,
  epochs: EPOCHS,
  verbose: 0,
});

const encoder = tf.model({ inputs: encoderInput, outputs: encoderStates });
const stateInputs = [tf.input({ shape: [UNITS] }), tf.input({ shape: [UNITS] })];
const [outputs, ...states] = decoderLstm.apply([decoderInput, ...stateInputs]);
const decoder = tf.model({ inputs: [decoderInput, ...stateInputs], outputs: [dense.apply(outputs), ...states] });

let carried = encoder.predict(encoderData.slice([0, 0, 0], [1, -1, -1]));
let character = BEGIN;
const probabilities = [];
for (let t = 0; t < 3; t += 1) {
  const [next, ...after] = decoder.predict([oneHot([character], targetCharacters), ...carried]);
  probabilities.push(next.squeeze().arraySync());
  character = targetCharacters[next.squeeze().argMax().dataSync()[0]];
  carried = after;
}

export const found = { history, probabilities };
