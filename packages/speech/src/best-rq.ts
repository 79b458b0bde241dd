/**
 * BEST-RQ: which labels does a random quantiser, never learned, give hidden frames?
 *
 * Chiu et al. 2022, https://arxiv.org/abs/2202.01855, section 3. No codebook that could collapse, no negatives, no teacher.
 *
 * The quantiser sees each band of an utterance with mean 0 and variance 1. Without that nearly all frames have one label, the
 * loss is about 0 and nothing is learned; `usedCodes` tells. Guessing has a loss of ln V, and of the labels' own entropy where only their
 * shares are known. The loss is a mean over a batch's hidden frames: 4 × 16 utterances accumulated are 1 × 64 but for their numbers of hidden frames.
 */
import { crossEntropy, type Encoder, linear, type Method, type Random, withoutGradient } from "@autodidact/core";
import {
  add,
  addN,
  argMax,
  cast,
  div,
  equal,
  exp,
  expandDims,
  gather,
  log,
  mul,
  neg,
  oneHot,
  reshape,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
} from "@tensorflow/tfjs-core";
import { cropSounds } from "./crop-sounds.js";
import type { FrameEncoder } from "./encoders/speech-encoder.js";
import { normalizeFrames } from "./features/normalize-frames.js";
import { drawStartedSpans } from "./masking/draw-spans.js";
import { type HiddenRows, hiddenRows } from "./masking/hidden-rows.js";
import { randomQuantizer } from "./quantizers/random-quantizer.js";
import type { Sound } from "./sound.js";

export interface BestRqOptions {
  /**
   * Each recording is heard in a piece of so many seconds; 2 unless told. Take what most recordings last at least: shorter ones are repeated, and
   * a hidden frame is then seen where it is repeated.
   */
  cropSeconds?: number;
  /** Spans that begin in a second. The authors use 1: a probability of 0.01 for each frame of 10 ms. One at least is in each utterance. */
  spansPerSecond?: number;
  /** Of a span, but never more than half of a crop. The authors use 0.4. */
  spanSeconds?: number;
  /** Each with a head and labels of its own; 1 unless told, as the authors'. */
  codebooks?: number;
  /** V, of a codebook. The authors use 8,192. */
  entries?: number;
  /** Of an entry. The authors use 16. */
  codeSize?: number;
}

export type NoisedFrames = HiddenRows & {
  /** [N, T]. */
  readonly waves: Tensor2D;
  /** N(0, 0.1²) where a frame is hidden, else 0; [N, F, M]. */
  readonly noise: Tensor3D;
};

/** Share of a crop's frames that is hidden at most. By the authors' settings 0.33 are on average, and more than this in few. */
const MOST_HIDDEN = 0.6;

/**
 * The encoder's features must be of the wave alone, as log-mel bands are (what convolutions learn would move under its labels), and of about unit
 * variance, as `encoderFrontEnd` makes them, for the noise that hides them.
 */
export function bestRq(
  encoder: FrameEncoder,
  random: Random,
  options: BestRqOptions = {},
): Method<Sound, NoisedFrames> {
  const {
    cropSeconds = 2,
    spansPerSecond = 1,
    spanSeconds = 0.4,
    codebooks = 1,
    entries = 8192,
    codeSize = 16,
  } = options;
  const { featureSize, bands } = encoder;
  const samples = Math.round(cropSeconds * encoder.sampleRate);
  const frames = encoder.frames(samples);
  const rate = (encoder.frames(samples + 10 * encoder.sampleRate) - frames) / 10; // frames a second
  const length = Math.max(1, Math.min(Math.round(spanSeconds * rate), Math.floor(frames / 2)));
  const most = Math.max(length, Math.ceil(MOST_HIDDEN * frames));
  const spans = { frames, length, most, startProbability: spansPerSecond / rate };
  assertFrames(frames, cropSeconds);

  const quantizer = randomQuantizer(bands, { codebooks, entries, size: codeSize, random: random.split("quantizer") });
  const head = linear(featureSize, codebooks * entries, { random: random.split("head") });

  const guesses = ({ waves, mask, rows, counted: weights, noise }: NoisedFrames) => {
    const hidden = (frames: Tensor3D) => gather(reshape(frames, [-1, frames.shape[2]]), rows) as Tensor2D;
    const features = encoder.features(waves); // [N, F, M]
    const labels = withoutGradient(() => quantizer(hidden(normalizeFrames(features, "utterance")))); // int32 [B, R]
    const seen = add(mul(features, expandDims(sub(1, mask), 2)), noise) as Tensor3D; // noise is 0 where nothing is hidden
    const logits = head(hidden(encoder.states(seen).at(-1)!)) as Tensor2D; // [R, B V]
    return Array.from({ length: codebooks }, (_, b) => ({
      logits: slice(logits, [0, b * entries], [-1, entries]),
      labels: reshape(slice(labels, [b, 0], [1, -1]), [-1]) as Tensor1D,
      weights,
    }));
  };

  return {
    name: "best-rq",
    encoder: encoder as Encoder,
    learned: { encoder, head },
    carried: { quantizer },
    draw: (sounds, chance) => {
      const hidden = drawStartedSpans(sounds.length, spans, chance);
      return {
        waves: cropSounds(sounds, samples, chance),
        ...hiddenRows(hidden, frames),
        noise: drawNoise(hidden, { frames, bands }, chance),
      };
    },
    loss: (batch) =>
      average(
        guesses(batch).map(({ logits, labels, weights }) => crossEntropy(logits, labels, { rowWeights: weights })),
      ),
    metrics: (batch) => {
      const all = guesses(batch);
      return { accuracy: average(all.map(accuracy)), usedCodes: average(all.map(usedCodes)) };
    },
  };
}

interface Guesses {
  /** [R, V]. */
  readonly logits: Tensor2D;
  /** int32 [R]. */
  readonly labels: Tensor1D;
  /** 1 for rows that count, else 0; [R]. */
  readonly weights: Tensor1D;
}

function accuracy({ logits, labels, weights }: Guesses): Scalar {
  const isRight = cast(equal(argMax(logits, 1), labels), "float32");
  return div(sum(mul(isRight, weights)), sum(weights));
}

/** exp of the entropy of the labels: 1 where all frames have one. */
function usedCodes({ logits, labels, weights }: Guesses): Scalar {
  const each = mul(oneHot(labels, logits.shape[1], 1, 0, "float32"), expandDims(weights, 1)); // [R, V]
  const shares = div(sum(each, 0), sum(weights)); // [V]
  return exp(neg(sum(mul(shares, log(add(shares, 1e-7)))))) as Scalar;
}

function average(numbers: Scalar[]): Scalar {
  return div(addN(numbers), numbers.length);
}

function drawNoise(
  hidden: readonly Int32Array[],
  { frames, bands }: { frames: number; bands: number },
  chance: Random,
): Tensor3D {
  const noise = new Float32Array(hidden.length * frames * bands);
  for (const [sample, own] of hidden.entries()) {
    for (const frame of own) noise.set(chance.normals(bands, 0, 0.1), (sample * frames + frame) * bands);
  }
  return tensor3d(noise, [hidden.length, frames, bands]);
}

function assertFrames(frames: number, cropSeconds: number): void {
  if (frames >= 2) return;
  throw new RangeError(
    `bestRq: a crop must have two frames, one to hide and one to see, got ${frames} of ${cropSeconds} s. Take a larger cropSeconds.`,
  );
}
