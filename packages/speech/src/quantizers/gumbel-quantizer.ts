/**
 * A code for each row, chosen in each of several groups by a Gumbel softmax, and the vector that the codes stand for.
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 2 and eq. 1; Jang et al. 2016, https://arxiv.org/abs/1611.01144.
 */
import {
  defineModule,
  isTraining,
  linear,
  type Module,
  normalValues,
  parameter,
  type Random,
  withoutGradient,
  zeroValues,
} from "@autodidact/core";
import {
  add,
  argMax,
  clone,
  div,
  exp,
  log,
  matMul,
  mul,
  neg,
  oneHot,
  reshape,
  type Scalar,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  transpose,
} from "@tensorflow/tfjs-core";

export interface GumbelQuantizerOptions {
  /** G. */
  groups: number;
  /** V, the entries of a group's codebook. */
  entries: number;
  /** Of the vector that a row's codes stand for; the groups divide it. */
  size: number;
  random: Random;
}

export interface Quantized {
  /** [M, size]. */
  vectors: Tensor2D;
  /** The entry chosen in each group, one-hot, [M, G, V]; no gradient enters it. */
  codes: Tensor3D;
  /** How likely each entry is without noise, [M, G, V]. */
  probabilities: Tensor3D;
}

/** Its names are those of Hugging Face's `quantizer`. */
export interface GumbelQuantizer extends Module<Tensor2D, Tensor2D> {
  /** Rows [M, inputSize]; Gumbel noise [M, G, V] is added in training alone, divided by the temperature τ with the logits. */
  quantize(rows: Tensor2D, noise: Tensor3D, temperature: Scalar): Quantized;
}

export function gumbelQuantizer(inputSize: number, options: GumbelQuantizerOptions): GumbelQuantizer {
  const { groups, entries, size, random } = options;
  if (size % groups !== 0) {
    throw new RangeError(
      `gumbelQuantizer: groups must divide the size of a code's vector, got ${groups} for ${size}. Change one of them.`,
    );
  }
  const toLogits = linear(inputSize, groups * entries, {
    random: random.split("weight_proj"),
    initialize: normalValues(1),
    initializeBias: zeroValues,
  });
  const uniform = (shape: readonly number[], stream: Random) => stream.uniforms(shape.reduce((a, b) => a * b));
  const vectors = parameter([1, groups * entries, size / groups], uniform, random.split("codevectors"));

  function quantize(rows: Tensor2D, noise: Tensor3D, temperature: Scalar): Quantized {
    const logits: Tensor3D = reshape(toLogits(rows), [-1, groups, entries]); // [M, G, V]
    const probabilities = softmax(logits);
    const chances = isTraining() ? softmax(div(add(logits, noise), temperature)) : probabilities; // p of eq. 1
    const codes = withoutGradient(() => oneHot(argMax(chances, 2), entries, 1, 0, "float32") as Tensor3D);
    const straight = add(
      codes,
      sub(
        chances,
        withoutGradient(() => clone(chances)),
      ),
    ); // the codes, with the chances' gradient
    return { vectors: vectorsOf(straight as Tensor3D), codes, probabilities };
  }

  function vectorsOf(codes: Tensor3D): Tensor2D {
    const byGroup = transpose(codes, [1, 0, 2]); // [G, M, V]
    const found = matMul(byGroup, reshape(vectors, [groups, entries, size / groups])); // [G, M, size / G]
    return reshape(transpose(found, [1, 0, 2]), [-1, size]); // [M, size]
  }

  const forward = (rows: Tensor2D) => {
    const likeliest = argMax(reshape(toLogits(rows), [-1, groups, entries]), 2);
    return vectorsOf(oneHot(likeliest, entries, 1, 0, "float32") as Tensor3D);
  };
  const module = defineModule(forward, { parameters: { codevectors: vectors }, children: [["weight_proj", toLogits]] });
  return Object.assign(module, { quantize });
}

/**
 * How many entries are in use: exp of the entropy of their mean over rows [M, G, V], summed over groups; from G, where each group always gives
 * one, to G V. Rows count by their weight [M].
 */
export function codePerplexity(distributions: Tensor3D, weights: Tensor1D): Scalar {
  const weighted = mul(distributions, reshape(weights, [-1, 1, 1]));
  const shares = div(sum(weighted, 0), sum(weights)); // [G, V]
  const entropies = neg(sum(mul(shares, log(add(shares, 1e-7))), 1)) as Tensor; // fairseq's 1e-7: log 0 is no number
  return sum(exp(entropies)) as Scalar;
}

/** −log(−log u) of uniform numbers above 0, which makes the largest of logits plus noise a draw from their softmax. */
export function drawGumbel(shape: [number, number, number], chance: Random): Tensor3D {
  const noise = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let i = 0; i < noise.length; i += 1) noise[i] = -Math.log(-Math.log(chance.uniform(2 ** -33)));
  return tensor3d(noise, shape);
}
