/**
 * What transcripts teach: −ln p of the characters given the recording, by CTC.
 */
import { ctcFramesNeeded, ctcLoss, type Encoder, type Method, type Tensors } from "@autodidact/core";
import {
  cast,
  div,
  maximum,
  mean,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import type { FeatureAugment } from "../augment/spec-augment.js";
import type { Sound } from "../sound.js";
import type { CtcModel } from "./ctc-model.js";
import { assertAudible, filledWaves, fittingLength } from "./utterance-lengths.js";

/** A recording and the classes of what is said in it. */
export interface Utterance {
  readonly sound: Sound;
  readonly labels: Int32Array;
}

export type CtcBatch = {
  /** [N, T]. */
  readonly waves: Tensor2D;
  /** Own frames of each, int32 [N]. */
  readonly frames: Tensor1D;
  /** int32 [N, L], zeros behind the own. */
  readonly labels: Tensor2D;
  /** Own labels of each, int32 [N]. */
  readonly lengths: Tensor1D;
  /** What `augment` drew; nothing without one. */
  readonly augmentation: Tensors;
};

export interface CtcTrainingOptions {
  /** What batches are filled up to, in samples: `utteranceLengths`. */
  readonly lengths: readonly number[];
  /** Places for labels in a batch: those of the longest transcript. */
  readonly labelPlaces: number;
  /** The encoder stays as it is, and the head alone learns. False unless told. */
  readonly isFrozen?: boolean | undefined;
  /** Changes features by chance while the model learns: `specAugment()`. */
  readonly augment?: FeatureAugment | undefined;
}

/** The mean over utterances of their loss a character, as torch.nn.CTCLoss has it by default. */
export function ctcTraining(model: CtcModel, options: CtcTrainingOptions): Method<Utterance, CtcBatch> {
  const { lengths: allowed, labelPlaces, isFrozen = false, augment } = options;
  const { encoder, top } = model;
  const statesOf = (waves: Tensor2D, augmentation: Tensors): Tensor3D[] => {
    const features = encoder.features(waves);
    return encoder.states(augment === undefined ? features : augment(features, augmentation));
  };

  return {
    name: "speech-to-text",
    encoder: encoder as Encoder,
    learned: isFrozen ? { top } : { encoder, top },
    draw(utterances, random) {
      const length = fittingLength(allowed, Math.max(...utterances.map(({ sound }) => sound.samples.length)));
      const recordings = utterances.map(({ sound }) => sound.samples);
      return {
        waves: filledWaves(recordings, length),
        frames: counts(recordings.map((samples) => ownFrames(model, samples.length))),
        labels: paddedLabels(utterances, labelPlaces),
        lengths: counts(utterances.map(({ labels }) => labels.length)),
        augmentation: augment?.draw(utterances.length, random) ?? {},
      };
    },
    loss({ waves, frames, labels, lengths, augmentation }) {
      const states = statesOf(waves, augmentation); // [N, F, D] each; of a frozen encoder no gradient is asked for
      const losses = ctcLoss(top(states), { labels, lengths, frames });
      return mean(div(losses, maximum(cast(lengths, "float32"), 1))) as Scalar;
    },
  };
}

/** Frames of so many samples; one where they are repeated to make the shortest. */
export function ownFrames({ encoder }: CtcModel, samples: number): number {
  return Math.max(1, encoder.frames(samples));
}

/** An utterance whose characters, and blanks between equal ones, take more frames than it has: its loss is infinite. */
export interface TooShort {
  readonly id: string;
  readonly frames: number;
  readonly needed: number;
}

/** Utterances that can be learned from, and those that cannot. */
export function fittingUtterances(model: CtcModel, sounds: readonly Sound[]) {
  const fitting: Utterance[] = [];
  const tooShort: TooShort[] = [];
  for (const sound of sounds) {
    const { id, samples } = sound;
    assertAudible("fittingUtterances", sound, model.encoder.sampleRate);
    const labels = model.vocabulary.encode(transcriptOf(sound), id);
    const [frames, needed] = [ownFrames(model, samples.length), ctcFramesNeeded(labels)];
    if (needed > frames) tooShort.push({ id, frames, needed });
    else fitting.push({ sound, labels });
  }
  return { fitting, tooShort };
}

export function transcriptOf({ id, transcript }: Sound): string {
  if (transcript !== undefined) return transcript;
  throw new Error(
    `transcriptOf: every recording must have a transcript, and ${id} has none. Leave it out, or write it down.`,
  );
}

const counts = (values: number[]) => tensor1d(values, "int32");

function paddedLabels(utterances: readonly Utterance[], places: number): Tensor2D {
  const values = new Int32Array(utterances.length * places);
  for (const [n, { labels }] of utterances.entries()) values.set(labels, n * places);
  return tensor2d(values, [utterances.length, places], "int32");
}
