/**
 * The yardstick: a chain of square products x ← x·w, so that no product can be shared or dropped.
 */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { deterministic } from "./deterministic.js";
import type { Execute, TensorFlow } from "./program.js";

export interface MatmulSize {
  readonly width: number;
  /** Products a step. */
  readonly length: number;
}

/** 2n³ a product. */
export function matmulFlops({ width, length }: MatmulSize): number {
  return length * 2 * width ** 3;
}

export function matmul(tf: TensorFlow, execute: Execute, { width, length }: MatmulSize): () => Promise<number> {
  const x = tf.tensor2d(deterministic("x", width * width, 1), [width, width]);
  // Variance 1 / width: the values keep their size along the chain.
  const w = tf.tensor2d(deterministic("w", width * width, Math.sqrt(3 / width)), [width, width]);

  const run = execute<{ x: Tensor2D; w: Tensor2D }>((batch) => {
    let product = batch.x;
    for (let i = 0; i < length; i++) product = tf.matMul(product, batch.w);
    return tf.mean(tf.mean(tf.square(product), 1)); // row by row: float32 keeps its digits
  });
  return () => run({ x, w });
}
