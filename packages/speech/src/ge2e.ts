/**
 * GE2E: each crop is near the centre of its speaker's other crops. It needs labels of who speaks: a supervised ceiling, not self-supervised.
 *
 * Wan et al. 2017, https://arxiv.org/abs/1710.10467, softmax form.
 */
import { type Encoder, ge2eScores, ge2eSoftmax, type Method } from "@autodidact/core";
import {
  argMax,
  cast,
  div,
  equal,
  mul,
  type Scalar,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tile,
} from "@tensorflow/tfjs-core";
import type { SpeechEncoder } from "./encoders/speech-encoder.js";
import { learnedScale } from "./learned-scale.js";
import type { Sound } from "./sound.js";
import { type CropOptions, type Crops, cropping } from "./speaker-crops.js";
import { speakerLabels } from "./speaker-labels.js";

export interface Ge2eOptions extends CropOptions {
  /**
   * Crops of each utterance, 2 unless told. The paper's batches hold several utterances of each speaker; a loader's hold whatever comes, and with many
   * speakers most are alone. Two crops give each one company; where batches hold several utterances of each speaker, 1 is the paper's.
   */
  crops?: number;
}

/** Crops [N·crops, T], utterance after utterance and then again, and who speaks in each utterance: int32 [N], numbered from 0 within the batch. */
export type SpokenCrops = { readonly crops: Crops; readonly speakers: Tensor1D };

export function ge2e(encoder: SpeechEncoder, options: Ge2eOptions = {}): Method<Sound, SpokenCrops> {
  const { crops: count = 2 } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`ge2e: crops must be a whole number above 0, got ${count}.`);
  const cropped = cropping("ge2e", encoder, options);
  const scale = learnedScale();

  const embed = ({ crops }: SpokenCrops) => encoder(cropped.waves(crops)) as Tensor2D; // [N·crops, featureSize]
  const ofCrops = ({ speakers }: SpokenCrops) => tile(speakers, [count]) as Tensor1D; // [N·crops]

  return {
    name: "ge2e",
    encoder: encoder as Encoder,
    learned: { encoder, scale },
    draw: (sounds, chance) => {
      const speakers = numbered(speakerLabels("ge2e", sounds));
      if (count === 1 && new Set(speakers).size === speakers.length) {
        throw new Error(
          `ge2e: a batch must hold two crops of some speaker, and its ${sounds.length} utterances are of as many speakers. Set crops to 2, or take a larger batch.`,
        );
      }
      const repeated = Array.from({ length: count }, () => sounds).flat();
      return { crops: cropped.draw(repeated, chance), speakers: tensor1d(speakers, "int32") };
    },
    loss: (batch) => ge2eSoftmax(embed(batch), ofCrops(batch), scale()),
    metrics: (batch) => {
      const { logits, counts } = ge2eScores(embed(batch), ofCrops(batch), scale());
      const isRight = cast(equal(argMax(logits, 1), ofCrops(batch)), "float32");
      return { accuracy: div(sum(mul(isRight, counts)), sum(counts)) as Scalar };
    },
  };
}

/** Each different number in the order of first meeting: 0, 1, … */
function numbered(labels: readonly number[]): number[] {
  const places = new Map([...new Set(labels)].map((label, place) => [label, place]));
  return labels.map((label) => places.get(label)!);
}
