/**
 * An encoder with a linear head that tells at each frame which character is said, or none: speech to text without an alignment.
 *
 * Graves et al. 2006, https://www.cs.toronto.edu/~graves/icml_2006.pdf; as Hugging Face's Wav2Vec2ForCTC.
 */
import {
  defineModule,
  filledParameter,
  layerSum,
  linear,
  type Module,
  normalValues,
  type Random,
  zeroValues,
} from "@autodidact/core";
import { stack, type Tensor2D, type Tensor3D, tidy, zeros } from "@tensorflow/tfjs-core";
import type { FrameEncoder, SpeechEncoder } from "../encoders/speech-encoder.js";
import type { CharacterVocabulary } from "./character-vocabulary.js";

export interface CtcModel extends Module<Tensor2D, Tensor3D> {
  /** Waves [N, T] → a score for each class at each frame, [N, F, V]; class 0 says nothing. */
  (waves: Tensor2D): Tensor3D;
  readonly encoder: FrameEncoder;
  readonly vocabulary: CharacterVocabulary;
  /** What reads the encoder's states: the head and, where all layers are read, their weights. */
  readonly top: Module<Tensor3D[], Tensor3D>;
  /** All layers are read, not the last alone. */
  readonly allLayers: boolean;
  /** The longest that it has learned from, in seconds, where that is known: what is longer is transcribed in windows. */
  readonly longestSeconds: number | undefined;
}

export interface CtcModelOptions {
  readonly random: Random;
  /** Reads a learned weighted sum of all layers' states, as SUPERB (https://arxiv.org/abs/2105.01051, section 3); the last states unless told. */
  readonly allLayers?: boolean | undefined;
  readonly longestSeconds?: number | undefined;
}

/** The head is new: N(0, 0.02²), as Hugging Face's. */
export function ctcModel(
  encoder: SpeechEncoder,
  vocabulary: CharacterVocabulary,
  { random, allLayers = false, longestSeconds }: CtcModelOptions,
): CtcModel {
  assertHasFrames(encoder);
  const start = { initialize: normalValues(0.02), initializeBias: zeroValues };
  const head = linear(encoder.featureSize, vocabulary.tokens.length, { random, ...start });
  const weights = allLayers ? filledParameter([statesOf(encoder)], 0) : undefined; // all alike
  const read = (states: Tensor3D[]) => (weights === undefined ? states.at(-1)! : layerSum(stack(states), weights)); // [N, F, D]
  const top = defineModule((states: Tensor3D[]) => head(read(states)) as Tensor3D, {
    parameters: weights === undefined ? {} : { layer_weights: weights },
    children: [["lm_head", head]],
  });
  const within = defineModule(encoder, { children: [[encoderName(encoder), encoder]] });
  const module = defineModule((waves: Tensor2D) => top(encoder.states(encoder.features(waves))), {
    parameters: { ...within.parameters, ...top.parameters },
    buffers: within.buffers,
  });
  return Object.assign(module, { encoder, vocabulary, top, allLayers, longestSeconds });
}

/** Hugging Face's Wav2Vec2ForCTC calls its encoder so. */
const encoderName = ({ config }: FrameEncoder) => (config.model_type === "wav2vec2" ? "wav2vec2" : "encoder");

const statesOf = (encoder: FrameEncoder) =>
  tidy(() => encoder.states(encoder.features(zeros([1, encoder.shortest]))).length);

function assertHasFrames(encoder: SpeechEncoder): asserts encoder is FrameEncoder {
  if ("states" in encoder) return;
  throw new Error(
    "ctcModel: the encoder must give states of frames, and that of model_type " +
      `${JSON.stringify((encoder as SpeechEncoder).config.model_type)} gives one embedding a recording. Take a transformer's.`,
  );
}
