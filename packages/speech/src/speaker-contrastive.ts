/**
 * Two crops of one utterance embed alike, those of different utterances apart: who speaks, without labels.
 *
 * SimCLR for speakers: Chen et al. 2020, https://arxiv.org/abs/2002.05709, in the form that sslsv found best (Lepage and Dehak 2022,
 * https://arxiv.org/abs/2207.05506): no projector, τ 0.03. Or the angular prototypical loss of Chung et al. 2020, https://arxiv.org/abs/2003.11982,
 * used without labels by Huh et al. 2020, https://arxiv.org/abs/2007.12085.
 */
import {
  angularPrototypical,
  type Encoder,
  l2Normalize,
  type Method,
  mlp,
  ntXent,
  type Random,
} from "@autodidact/core";
import {
  argMax,
  cast,
  concat,
  equal,
  matMul,
  mean,
  range,
  type Scalar,
  split,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import type { SpeechEncoder } from "./encoders/speech-encoder.js";
import { learnedScale } from "./learned-scale.js";
import type { Sound } from "./sound.js";
import { type CropOptions, type Crops, cropping } from "./speaker-crops.js";

export interface SpeakerContrastiveOptions extends CropOptions {
  /** `nt-xent` unless told. */
  loss?: "nt-xent" | "angular-prototypical";
  /** τ of nt-xent, 0.03 unless told. */
  temperature?: number;
  /** Size of the space in which crops are compared, behind a projector of two layers; 0, none, unless told: embeddings are compared as they are. */
  projectionSize?: number;
}

export type TwoCrops = { readonly first: Crops; readonly second: Crops };

export function speakerContrastive(
  encoder: SpeechEncoder,
  random: Random,
  options: SpeakerContrastiveOptions = {},
): Method<Sound, TwoCrops> {
  const { loss = "nt-xent", temperature = 0.03, projectionSize = 0 } = options;
  assertPossible({ loss, temperature, projectionSize });
  const crops = cropping("speakerContrastive", encoder, options);
  const size = encoder.featureSize;
  const projector = projectionSize > 0 ? mlp([size, size, projectionSize], { random }) : undefined;
  const scale = loss === "angular-prototypical" ? learnedScale() : undefined;

  /** z of both crops, [N, D] each. */
  function project({ first, second }: TwoCrops): [Tensor2D, Tensor2D] {
    const waves = concat([crops.waves(first), crops.waves(second)]); // [2N, T]: batch norm sees both
    const embeddings = encoder(waves); // [2N, featureSize]
    return split((projector ? projector(embeddings) : embeddings) as Tensor2D, 2) as [Tensor2D, Tensor2D];
  }

  return {
    name: "speaker-contrastive",
    encoder: encoder as Encoder,
    learned: { encoder, ...(projector && { projector }), ...(scale && { scale }) },
    draw: (sounds, chance) => ({ first: crops.draw(sounds, chance), second: crops.draw(sounds, chance) }),
    loss: (batch) => {
      const [one, other] = project(batch);
      return scale ? angularPrototypical(one, other, scale()) : ntXent(one, other, temperature);
    },
    metrics: (batch) => ({ accuracy: partnerAccuracy(...project(batch)) }),
  };
}

/** The share of first crops that are nearest to the second one of their own utterance, by cosine: from 0 to 1; 1/N by chance. */
function partnerAccuracy(one: Tensor2D, other: Tensor2D): Scalar {
  const cosines = matMul(l2Normalize(one), l2Normalize(other), false, true); // [N, N]
  const partners = range(0, one.shape[0], 1, "int32");
  return mean(cast(equal(argMax(cosines, 1), partners), "float32"));
}

function assertPossible({
  loss,
  temperature,
  projectionSize,
}: Required<Omit<SpeakerContrastiveOptions, keyof CropOptions>>) {
  if (loss !== "nt-xent" && loss !== "angular-prototypical")
    throw new RangeError(`speakerContrastive: loss must be nt-xent or angular-prototypical, got ${loss}.`);
  if (!(temperature > 0)) throw new RangeError(`speakerContrastive: temperature must be above 0, got ${temperature}.`);
  if (!Number.isInteger(projectionSize) || projectionSize < 0)
    throw new RangeError(`speakerContrastive: projectionSize must be a whole number from 0, got ${projectionSize}.`);
}
