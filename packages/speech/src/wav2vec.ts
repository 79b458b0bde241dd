/**
 * wav2vec 2.0: for each hidden frame of an utterance, which of its hidden frames' codes is its own?
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 3.2; details as in fairseq and Hugging Face's Wav2Vec2ForPreTraining.
 *
 * fairseq's tenth of the gradient for the convolutions is left out: Adam, which divides by the gradient's size, would not see it.
 *
 * Guessing has a contrastive loss of ln(negatives + 1) = 4.62, where it stands for many first updates. When it collapses every frame has the
 * same code: `perplexity` falls to 1 a group (2), all negatives equal the positive and are left out, and the contrastive loss is 0 with an
 * `accuracy` of 1. The terms are means over a batch's hidden frames and the diversity is of the batch's codes, so that 4 × 16 utterances
 * accumulated are not 1 × 64: the contrastive loss and the penalty alone nearly are.
 */
import {
  buffer,
  crossEntropy,
  defineModule,
  type Encoder,
  l2Normalize,
  linear,
  type Method,
  type Random,
  rowsAt,
  withoutGradient,
} from "@autodidact/core";
import {
  add,
  addN,
  argMax,
  cast,
  clone,
  div,
  equal,
  exp,
  matMul,
  maximum,
  mean,
  minimum,
  mul,
  range,
  reshape,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tile,
} from "@tensorflow/tfjs-core";
import { cropSounds } from "./crop-sounds.js";
import type { Wav2vec2Encoder } from "./encoders/wav2vec2.js";
import { drawNegatives, equalOnes } from "./masking/draw-negatives.js";
import { drawSpans, mostHidden, type Spans } from "./masking/draw-spans.js";
import { type HiddenPlaces, hiddenPlaces } from "./masking/hidden-places.js";
import { codePerplexity, drawGumbel, gumbelQuantizer } from "./quantizers/gumbel-quantizer.js";
import type { Sound } from "./sound.js";

export interface Wav2vecOptions {
  /**
   * Each recording is heard in a piece of so many seconds; 2 unless told, the authors use 15.6. Take what most recordings last at least: shorter
   * ones are repeated, and a hidden frame is then seen where it is repeated.
   */
  cropSeconds?: number;
  /** Share of the frames that spans would hide if none overlapped. The authors use 0.65, which hides about 0.49. */
  maskProbability?: number;
  /** Frames of a span. The authors use 10. */
  maskLength?: number;
  /** K, of each hidden frame. The authors use 100. */
  negatives?: number;
  /** κ. The authors use 0.1. */
  temperature?: number;
  /** G, codebooks. The authors use 2. */
  groups?: number;
  /** V, entries of each. The authors use 320. */
  entries?: number;
  /** Size of the vector that a frame's codes stand for. The authors use 256. */
  codeSize?: number;
  /** Size of the space in which states and codes are compared. The authors use 256. */
  projectionSize?: number;
  /** τ of the Gumbel softmax, which falls from the first to the second in the first 70 % of the updates. The authors' base has 2 and 0.5. */
  gumbelTemperature?: readonly [from: number, to: number];
  /** α, of the diversity loss. The authors use 0.1. */
  diversityWeight?: number;
  /** Of the mean square of what the convolutions give. The authors use 10. */
  penaltyWeight?: number;
}

export type MaskedWaves = HiddenPlaces & {
  /** [N, T]. */
  readonly waves: Tensor2D;
  /** The logarithm of how often place j is a negative of place i, [N, P, P]: −10⁹ for never, 0 on the diagonal, where the positive is. */
  readonly choices: Tensor3D;
  /** Gumbel noise of each place, [N, P, G · V]. */
  readonly noise: Tensor3D;
};

/** The share of the updates after which τ no longer falls: fairseq's 2 · 0.999995ᵗ is 0.5 after 277,258 of the authors' 400,000. */
const ANNEALED = 0.7;

export function wav2vec(
  encoder: Wav2vec2Encoder,
  random: Random,
  options: Wav2vecOptions = {},
): Method<Sound, MaskedWaves> {
  const { cropSeconds = 2, maskProbability: probability = 0.65, maskLength: length = 10, negatives = 100 } = options;
  const { temperature = 0.1, groups = 2, entries = 320, codeSize = 256, projectionSize = 256 } = options;
  const { gumbelTemperature = [2, 0.5], diversityWeight = 0.1, penaltyWeight = 10 } = options;
  const samples = Math.round(cropSeconds * encoder.sampleRate);
  const spans = { frames: encoder.frames(samples), probability, length };
  const most = mostHidden(spans); // P
  assertHidden(spans, most, cropSeconds);
  assertSensible(negatives, gumbelTemperature);

  const quantizer = gumbelQuantizer(encoder.bands, {
    groups,
    entries,
    size: codeSize,
    random: random.split("quantizer"),
  });
  const projectState = linear(encoder.featureSize, projectionSize, { random: random.split("project_hid") });
  const projectCode = linear(codeSize, projectionSize, { random: random.split("project_q") });
  const annealed = buffer([], gumbelTemperature[0]); // τ

  const terms = ({ waves, mask, places, counted, choices, noise }: MaskedWaves) => {
    const convolved = encoder.convolved(waves); // z, [N, F, M]
    const features = encoder.normalized(convolved);
    const context = rowsAt(encoder.states(features, mask).at(-1)!, places); // c_t, [N, P, D]
    const hidden: Tensor2D = reshape(rowsAt(features, places), [-1, encoder.bands]); // [N P, M]
    const tau = withoutGradient(() => clone(annealed) as Tensor as Scalar);
    const { vectors, codes, probabilities } = quantizer.quantize(hidden, reshape(noise, [-1, groups, entries]), tau); // q_t
    const weights: Tensor1D = reshape(counted, [-1]); // [N P]

    const among = <T extends Tensor>(rows: T) => reshape(rows, [waves.shape[0], most, -1]) as Tensor3D;
    const cosines = matMul(l2Normalize(projectState(context)), l2Normalize(among(projectCode(vectors))), false, true); // [N, P, P]
    const apart = add(div(cosines, temperature), equalOnes(among(codes), groups)); // [N, P, P]
    const [logits, once] = [choices, minimum(choices, 0)].map(
      (added) => reshape(add(apart, added), [-1, most]) as Tensor2D,
    );
    const own = tile(range(0, most, 1, "int32"), [waves.shape[0]]); // the positive of place i is at i
    const all = groups * entries;
    return {
      contrastive: crossEntropy(logits!, own, { rowWeights: weights }), // L_m, eq. 3
      diversity: div(sub(all, codePerplexity(probabilities, weights)), all) as Scalar, // L_d, eq. 4
      penalty: mean(square(convolved)) as Scalar,
      accuracy: div(sum(mul(cast(equal(argMax(once!, 1), own), "float32"), weights)), sum(weights)) as Scalar,
      perplexity: codePerplexity(codes, weights),
    };
  };

  return {
    name: "wav2vec",
    encoder: encoder as Encoder,
    learned: {
      encoder,
      mask: encoder.maskEmbedding,
      quantizer,
      project_hid: projectState,
      project_q: projectCode,
    },
    carried: { gumbel: defineModule(() => annealed, { buffers: { temperature: annealed } }) },
    draw: (sounds, chance) => {
      const hidden = drawSpans(sounds.length, spans, chance);
      return {
        waves: cropSounds(sounds, samples, chance),
        ...hiddenPlaces(hidden, { frames: spans.frames, most }),
        choices: drawNegatives(hidden, { most, negatives }, chance),
        noise: drawGumbel([sounds.length, most, groups * entries], chance),
      };
    },
    loss: (batch) => {
      const { contrastive, diversity, penalty } = terms(batch);
      return addN([contrastive, mul(diversity, diversityWeight), mul(penalty, penaltyWeight)]); // eq. 2, and fairseq's penalty
    },
    afterStep: (progress) => {
      const [from, to] = gumbelTemperature;
      annealed.assign(maximum(to, mul(from, exp(mul(progress, Math.log(to / from) / ANNEALED)))));
    },
    metrics: (batch) => {
      const { perplexity, accuracy, contrastive, penalty } = terms(batch);
      return { perplexity, accuracy, contrastive, penalty };
    },
  };
}

function assertSensible(negatives: number, [from, to]: readonly [number, number]): void {
  if (!Number.isInteger(negatives) || negatives < 1)
    throw new RangeError(`wav2vec: negatives must be a whole number above 0, got ${negatives}.`);
  if (from >= to && to > 0) return;
  throw new RangeError(
    `wav2vec: gumbelTemperature must fall, got ${from} to ${to}. Give the higher one first, both above 0.`,
  );
}

function assertHidden({ frames, length }: Spans, most: number, cropSeconds: number): void {
  if (frames >= length && most >= 2) return;
  throw new RangeError(
    `wav2vec: a crop must have frames for a span and two to hide, got ${frames} frames of ${cropSeconds} s for spans of ${length}. ` +
      "Take a larger cropSeconds or a smaller maskLength.",
  );
}
