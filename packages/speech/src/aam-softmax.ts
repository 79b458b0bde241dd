/**
 * AAM-softmax: which of the training set's speakers is it, with a margin between them. It needs labels of who speaks: a supervised ceiling, not
 * self-supervised.
 *
 * Deng et al. 2018, https://arxiv.org/abs/1801.07698; for speakers Desplanques et al. 2020, https://arxiv.org/abs/2005.07143, section 3.3.
 */
import {
  type AdditiveAngularMarginOptions,
  additiveAngularMargin,
  defineModule,
  type Encoder,
  l2Normalize,
  type Method,
  parameter,
  type Random,
  xavierUniform,
} from "@autodidact/core";
import {
  argMax,
  cast,
  equal,
  matMul,
  mean,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
} from "@tensorflow/tfjs-core";
import type { SpeechEncoder } from "./encoders/speech-encoder.js";
import type { Sound } from "./sound.js";
import { type CropOptions, type Crops, cropping } from "./speaker-crops.js";
import { speakerLabels } from "./speaker-labels.js";

export interface AamSoftmaxOptions extends CropOptions, AdditiveAngularMarginOptions {
  /** How many speakers the data has: `SoundDataset.speakers.length`. */
  speakers: number;
}

/** Crops [N, T], and who speaks in each: int32 [N]. */
export type LabelledCrops = { readonly crops: Crops; readonly speakers: Tensor1D };

export function aamSoftmax(
  encoder: SpeechEncoder,
  random: Random,
  options: AamSoftmaxOptions,
): Method<Sound, LabelledCrops> {
  const { speakers: count, margin, scale } = options;
  if (!Number.isInteger(count) || count < 2)
    throw new RangeError(`aamSoftmax: speakers must be a whole number from 2, got ${count}.`);
  const cropped = cropping("aamSoftmax", encoder, options);
  const weight = parameter([count, encoder.featureSize], xavierUniform, random.split("classifier")); // a direction a speaker
  const classifier = defineModule<void, Tensor>(() => weight, { parameters: { weight } });
  const margins = { ...(margin !== undefined && { margin }), ...(scale !== undefined && { scale }) };

  const embed = ({ crops }: LabelledCrops) => encoder(cropped.waves(crops)) as Tensor2D; // [N, featureSize]

  return {
    name: "aam-softmax",
    encoder: encoder as Encoder,
    learned: { encoder, classifier },
    draw: (sounds, chance) => {
      const speakers = speakerLabels("aamSoftmax", sounds);
      const wrong = speakers.findIndex((speaker) => !(Number.isInteger(speaker) && speaker >= 0 && speaker < count));
      if (wrong >= 0) {
        throw new RangeError(
          `aamSoftmax: a speaker's index must be from 0 to ${count - 1}, got ${speakers[wrong]} (${sounds[wrong]!.id}). Give the data's number of speakers.`,
        );
      }
      return { crops: cropped.draw(sounds, chance), speakers: tensor1d(speakers, "int32") };
    },
    loss: (batch) => additiveAngularMargin(embed(batch), classifier() as Tensor2D, batch.speakers, margins),
    metrics: (batch) => {
      const cosines = matMul(l2Normalize(embed(batch)), l2Normalize(classifier() as Tensor2D), false, true); // [N, speakers]
      return { accuracy: mean(cast(equal(argMax(cosines, 1), batch.speakers), "float32")) };
    },
  };
}
