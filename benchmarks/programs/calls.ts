/** Calls that are read one by one, each with something that was not there before: a shape, a place, an attribute. */
import * as tf from "@tensorflow/tfjs-core";
import { deterministic } from "./deterministic.js";

/** A step makes so many calls. */
const CALLS = 300;

const table = () => tf.tensor2d(deterministic("x", 8000, 1), [1000, 8]);

const KINDS: Readonly<Record<string, () => (i: number) => tf.Tensor>> = {
  shape: () => (i) => tf.sum(tf.mul(tf.ones([1 + (i % 250), 3 + Math.floor(i / 250)]), 2)),
  place: () => {
    const x = table();
    return (i) => tf.slice(x, [i % 900, 0], [16, 8]);
  },
  attribute: () => {
    const x = tf.slice(table(), [0, 0], [16, 8]);
    return (i) => tf.leakyRelu(x, 1 / (1 + i));
  },
};

/** A step gives the sum of the first number of each call. */
export function calls(kind: string): () => Promise<number> {
  const call = KINDS[kind]!();
  let count = 0;
  return async () => {
    let sum = 0;
    for (let i = 0; i < CALLS; i++, count++) sum += tf.tidy(() => call(count).dataSync()[0]!);
    return sum;
  };
}
