/**
 * One training step of a 6-layer pre-norm transformer (width 256, 4 heads, 64 tokens), in plain TensorFlow.js.
 */
import type { Scalar, Tensor, Tensor2D, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import { deterministic } from "./deterministic.js";
import type { Execute, TensorFlow } from "./program.js";

const TOKENS = 64;
const WIDTH = 256;
const HEADS = 4;
const LAYERS = 6;

export interface TransformerSize {
  /** Sequences of 64 tokens. */
  readonly batch: number;
}

/**
 * Three times the forward products: 12·width² weights a layer and token (qkv 3, output 1, MLP 8), and the two products of
 * attention, 2·tokens·width. Everything elementwise counts as nothing.
 */
export function transformerFlops({ batch }: TransformerSize): number {
  const multiplications = batch * TOKENS * LAYERS * (12 * WIDTH ** 2 + 2 * TOKENS * WIDTH);
  return 3 * 2 * multiplications;
}

export function transformer(tf: TensorFlow, execute: Execute, { batch }: TransformerSize): () => Promise<number> {
  const weights = createWeights(tf);
  const { model } = describeModel(tf, weights, batch);
  const optimizer = tf.train.adam(1e-4, 0.9, 0.999, 1e-8);
  const learned = Object.values(weights);

  const run = execute<{ x: Tensor2D; y: Tensor2D }>(({ x, y }) => {
    const { value, grads } = tf.variableGrads(() => tf.mean(tf.squaredDifference(model(x), y)) as Scalar, learned);
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    return value;
  });

  const rows = batch * TOKENS;
  const x = tf.tensor2d(deterministic("x", rows * WIDTH, 0.5), [rows, WIDTH]);
  const y = tf.tensor2d(deterministic("y", rows * WIDTH, 0.5), [rows, WIDTH]);
  return () => run({ x, y });
}

function createWeights(tf: TensorFlow): Record<string, Variable> {
  const weights: Record<string, Variable> = {};
  const create = (name: string, value: Tensor) => {
    weights[name] = tf.variable(value, true, name);
  };
  const linear = (name: string, inputs: number, outputs: number) => {
    const bound = 1 / Math.sqrt(inputs);
    const weight = tf.tensor2d(deterministic(`${name}.weight`, outputs * inputs, bound), [outputs, inputs]);
    create(`${name}.weight`, tf.transpose(weight)); // [in, out], as TensorFlow keeps it; the numbers are PyTorch's
    create(`${name}.bias`, tf.tensor1d(deterministic(`${name}.bias`, outputs, bound)));
  };
  const norm = (name: string) => {
    create(`${name}.weight`, tf.ones([WIDTH]));
    create(`${name}.bias`, tf.zeros([WIDTH]));
  };
  for (let layer = 0; layer < LAYERS; layer++) {
    norm(`${layer}.norm1`);
    linear(`${layer}.qkv`, WIDTH, 3 * WIDTH);
    linear(`${layer}.out`, WIDTH, WIDTH);
    norm(`${layer}.norm2`);
    linear(`${layer}.up`, WIDTH, 4 * WIDTH);
    linear(`${layer}.down`, 4 * WIDTH, WIDTH);
  }
  return weights;
}

function describeModel(tf: TensorFlow, weights: Record<string, Variable>, batch: number) {
  const of = <T extends Tensor>(name: string) => weights[name] as Tensor as T;
  const linear = (x: Tensor2D, name: string) =>
    tf.add(tf.matMul(x, of<Tensor2D>(`${name}.weight`)), of(`${name}.bias`)) as Tensor2D;

  const layerNorm = (x: Tensor2D, name: string): Tensor2D => {
    const { mean, variance } = tf.moments(x, 1, true); // [B·T, 1]
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(normal, of(`${name}.weight`)), of(`${name}.bias`));
  };

  const gelu = (x: Tensor2D): Tensor2D => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

  const attention = (x: Tensor2D, name: string): Tensor2D => {
    const [query, key, value] = tf.split(linear(x, `${name}.qkv`), 3, 1).map(
      (part) => tf.transpose(tf.reshape(part, [batch, TOKENS, HEADS, WIDTH / HEADS]), [0, 2, 1, 3]) as Tensor4D, // [B, H, T, D/H]
    );
    const scores = tf.mul(tf.matMul(query!, key!, false, true), 1 / Math.sqrt(WIDTH / HEADS)); // [B, H, T, T]
    const mixed = tf.matMul(tf.softmax(scores) as Tensor4D, value!); // [B, H, T, D/H]
    const rows = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * TOKENS, WIDTH]) as Tensor2D;
    return linear(rows, `${name}.out`);
  };

  const mlp = (x: Tensor2D, name: string): Tensor2D => linear(gelu(linear(x, `${name}.up`)), `${name}.down`);

  /** [B·T, D] to [B·T, D]. */
  const model = (input: Tensor2D): Tensor2D => {
    let x = input;
    for (let layer = 0; layer < LAYERS; layer++) {
      x = tf.add(x, attention(layerNorm(x, `${layer}.norm1`), `${layer}`));
      x = tf.add(x, mlp(layerNorm(x, `${layer}.norm2`), `${layer}`));
    }
    return x;
  };
  return { model };
}
