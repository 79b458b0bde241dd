/**
 * Programs for TensorFlow.js's layers library, as their users write them: `model.fit` reads nothing between batches unless it is asked to.
 */
import * as tf from "@tensorflow/tfjs-core";
import { initializers, layers, type Sequential, sequential } from "@tensorflow/tfjs-layers";
import { deterministic } from "./deterministic.js";

export interface FitSize {
  /** Batches of 32 an epoch. */
  readonly batches: number;
  /** 1: every batch's loss is given to `onBatchEnd`. */
  readonly read: number;
  /** 1: two LSTM layers over 20 places; 0: a perceptron of two hidden layers. */
  readonly recurrent: number;
}

const BATCH = 32;
const PLACES = 20;

const start = (seed: number) => ({ kernelInitializer: initializers.glorotUniform({ seed }) });

function perceptron(): Sequential {
  const model = sequential();
  model.add(layers.dense({ units: 32, activation: "relu", inputShape: [20], ...start(1) }));
  model.add(layers.dense({ units: 16, activation: "relu", ...start(2) }));
  model.add(layers.dense({ units: 1, ...start(3) }));
  return model;
}

function recurrent(): Sequential {
  const model = sequential();
  const again = (seed: number) => ({ recurrentInitializer: initializers.glorotUniform({ seed }) });
  model.add(layers.lstm({ units: 32, returnSequences: true, inputShape: [PLACES, 8], ...start(1), ...again(4) }));
  model.add(layers.lstm({ units: 32, ...start(2), ...again(5) }));
  model.add(layers.dense({ units: 1, ...start(3) }));
  return model;
}

/** A step is an epoch; it gives the mean of its losses. */
export function fit({ batches, read, recurrent: isRecurrent }: FitSize): () => Promise<number> {
  const model = isRecurrent ? recurrent() : perceptron();
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const shape = isRecurrent ? [BATCH * batches, PLACES, 8] : [BATCH * batches, 20];
  const size = shape.reduce((product, length) => product * length, 1);
  const x = tf.tensor(deterministic("x", size, 1), shape);
  const y = tf.tensor2d(deterministic("y", BATCH * batches, 1), [BATCH * batches, 1]);
  const callbacks = read ? { onBatchEnd: async () => {} } : undefined;
  return async () => {
    const { history } = await model.fit(x, y, { batchSize: BATCH, epochs: 1, shuffle: false, verbose: 0, callbacks });
    return history.loss![0] as number;
  };
}
