/**
 * The card of a method for recordings: one file of this folder.
 */
import type { ChanceLoss, Method, Random, Tensors } from "@autodidact/core";
import type { MethodCard, Options, Settled, Typed, ValuesOf } from "@autodidact/core/cards";
import type { WaveAugment } from "../augment/wave-augment.js";
import type { PretrainSounds } from "../datasets/pretrain-sounds.js";
import type { SpeechEncoderFamily, SpeechEncoderSettings } from "../encoders/named-encoders.js";
import type { SpeechEncoder } from "../encoders/speech-encoder.js";
import type { Sound } from "../sound.js";
import type { speechOptions } from "./speech-options.js";

/** What is settled before the method's own options. */
export interface SpeechFacts {
  readonly data: PretrainSounds;
  readonly encoder: SpeechEncoderSettings;
  /** Recordings that pretraining hears. */
  readonly recordings: number;
  /** How many people speak; 0 where nobody says of every recording. */
  readonly speakers: number;
  readonly cropSeconds: number;
  readonly batchSize: number;
}

export interface SpeechMethodParts<Own extends Options> {
  readonly encoder: SpeechEncoder;
  readonly random: Random;
  readonly cropSeconds: number;
  /** How many people speak; 0 where nobody says of every recording. */
  readonly speakers: number;
  /** Of crops as long as the method's; undefined where nothing is changed. */
  readonly augment: WaveAugment | undefined;
  readonly options: ValuesOf<Own>;
}

export interface SpeechCard<Name extends string = string, Own extends Options = Options>
  extends MethodCard<Name, Own, SpeechFacts> {
  /** What holds for this method of the options that all have, where nothing is typed and another value is usual. */
  readonly usual: Typed<typeof speechOptions>;
  /** The encoders that it can learn, each family with why no other can be taken. */
  readonly families: Partial<Readonly<Record<SpeechEncoderFamily, string>>>;
  /** Whether noise and gain go with it: those that compare voices. */
  readonly isAugmented: boolean;
  /** What the loss is while nothing is learned, for batches of so many recordings; absent where there is no such number. */
  chance?(own: ValuesOf<Own>, batchSize: number): ChanceLoss | undefined;
  make(parts: SpeechMethodParts<Own>): Method<Sound, Tensors>;
}

export function speechMethod<const Name extends string, Own extends Options>(
  card: SpeechCard<Name, Own> & Settled<Own, SpeechFacts>,
): SpeechCard<Name, Own> {
  return card;
}
