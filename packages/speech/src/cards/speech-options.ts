/**
 * The options that pretraining has for every method on recordings.
 */

import {
  choice,
  interval,
  learningOptions,
  type OptionGroups,
  positive,
  real,
  share,
  type Typed,
  text,
  whole,
  withUsual,
} from "@autodidact/core/cards";
import { z } from "zod";
import {
  type SpeechEncoderFamily,
  type SpeechEncoderName,
  speechEncoderFamilies,
  speechEncoderFamily,
} from "../encoders/named-encoders.js";
import { soundReading } from "./sound-reading.js";
import type { SpeechCard } from "./speech-card.js";

const partName = z.enum(["train", "validation", "test", "unlabelled"]);

/** `PretrainSounds`. */
export const soundData = z.strictObject({
  path: z.string(),
  split: z.union([partName, z.array(partName).min(1)]).nullable(),
  reading: z
    .strictObject({
      pattern: z.string(),
      labelFrom: z.string(),
      speakerFrom: z.string(),
      heldOutSpeakers: z.array(z.string()),
      test: z.string(),
      fileFrom: z.string(),
      splitFrom: z.string(),
      delimiter: z.string(),
      quote: z.enum(["double", "single", "none"]),
      escape: z.enum(["doubled", "backslash"]),
      encoding: z.string(),
      layout: z.enum(["classes", "parts"]),
    })
    .partial()
    .optional(),
  maxCorrupt: z.number().nonnegative().optional(),
  sampleRate: z.int().positive(),
  maxSeconds: z.number().positive().optional(),
});

const size = z.int().positive();
const layered = { width: size, layers: size, heads: size };

/** `SpeechEncoderSettings`. */
export const encoderSchema = z.union([
  z.strictObject({ name: z.enum(speechEncoderFamilies["frame-transformer"]), ...layered, stack: size }),
  z.strictObject({ name: z.enum(speechEncoderFamilies.wav2vec2), ...layered, channels: size }),
  z.strictObject({ name: z.enum(speechEncoderFamilies.ast), ...layered, seconds: z.number().positive() }),
  z.strictObject({
    name: z.enum(speechEncoderFamilies.speaker),
    channels: size,
    embeddingSize: size,
    normalize: z.union([
      z.enum(["none", "mean", "utterance"]),
      z.strictObject({ mean: z.number(), deviation: z.number().positive() }),
    ]),
  }),
]);

const dataOptions = {
  data: text(
    "folder of recordings (.wav, .flac, .ogg, .mp3, …), .tar or .tar.gz archives, or a table that names them",
    {
      unit: "path",
    },
  ),
  sampleRate: whole("that all recordings are brought to", {
    from: 1000,
    to: 768_000,
    unit: "Hz",
    usually: "the data's most common, at most 16000",
  }),
  ...soundReading,
};

const encoderOptions = {
  encoder: choice(Object.values(speechEncoderFamilies).flat())("architecture"),
  width: whole("of a transformer's states", {
    to: 4096,
    unit: "n",
    usually: "frame-transformer-tiny 128, -small 256, -base 768, wav2vec2-small and ast-tiny 192",
  }),
  layers: whole("of a transformer", {
    to: 96,
    usually: "frame-transformer-tiny 5, -small 6, -base 3, wav2vec2-small 4, ast-tiny 12",
  }),
  heads: whole("of a transformer: they divide the width", {
    to: 96,
    usually: "one for each 32 of the width, of wav2vec2 and ast for each 64",
  }),
  stack: whole("of frame transformers: neighbouring frames that enter as one", { to: 16, usually: "1" }),
  channels: whole("of convolutions", {
    to: 4096,
    usually: "wav2vec2-small 128, ecapa-tdnn 512, resnet34 16 in its first stage",
  }),
  embeddingSize: whole("of ecapa-tdnn and resnet34", { to: 4096, usually: "192 and 512" }),
  normalize: choice(["recording", "mean", "data"])(
    "of ecapa-tdnn's and resnet34's spectrograms: each band over the recording, less its mean alone, or by the data's own numbers",
    {
      unit: "how",
      usually: "ecapa-tdnn mean, resnet34 recording; data where half of the recordings are shorter than 2 s",
    },
  ),
};

const pieceOptions = {
  cropSeconds: positive("of a recording that is heard at a time; shorter ones are repeated", {
    unit: "s",
    usually: "2, or what half of the recordings last at least, where that is less",
  }),
};

/** Of methods that tell voices apart: without them microphones and loudness may be learned in their place. */
const augmentOptions = {
  noise: share(0, "of crops that get noise", { unit: "share" }),
  noiseSnr: interval([5, 20], "signal to noise, from and to", { from: -60, to: 120, unit: "dB,dB" }),
  room: share(0, "of crops that sound as in a room (costs time)", { unit: "share" }),
  gain: real(6, "crops are louder or softer by up to so much", { from: 0, to: 60, unit: "dB" }),
};

const learning = {
  epochs: whole(100, "passes over the data"),
  steps: whole("updates in all, in place of epochs", { conflicts: "epochs" }),
  batchSize: whole("recordings a step", {
    from: 2,
    usually: "32, of methods that compare voices 64; where there are fewer recordings, all of them",
  }),
  lr: positive(1e-3, "highest learning rate, of adamw", { unit: "rate" }),
  weightDecay: real(0.01, "of weights, not of norms and biases", { from: 0, unit: "w" }),
  clip: real(1, "bound of the gradients' norm; 0 for none", { from: 0, unit: "norm" }),
  ...learningOptions,
};

export const speechOptions = {
  ...dataOptions,
  ...encoderOptions,
  ...pieceOptions,
  ...augmentOptions,
  ...learning,
};
/** What was typed, of these options and of the method's own. */
export type SpeechOptions = Typed<typeof speechOptions> & Readonly<Record<string, unknown>>;

type CardOptions = Pick<SpeechCard, "name" | "options" | "usual" | "families" | "isAugmented">;

/** Why the method cannot learn the encoder; undefined where it can. */
export function refuseEncoder({ name, families, usual }: CardOptions, encoder: SpeechEncoderName): string | undefined {
  if (speechEncoderFamily(encoder) in families) return undefined;
  const because = [...new Set(Object.values(families))].join("; ");
  const others = (Object.keys(families) as SpeechEncoderFamily[]).flatMap((family) => speechEncoderFamilies[family]);
  return `{ encoder: "${encoder}" } does not go with ${name}: ${because}. Take ${usual.encoder}${others.length > 1 ? ` (or ${others.filter((other) => other !== usual.encoder).join(", ")})` : ""}.`;
}

/** The options of pretraining by the method, by heading. */
export function speechOptionGroups(card: CardOptions): OptionGroups {
  const { usual } = card;
  return {
    Data: dataOptions,
    Encoder: withUsual(encoderOptions, usual),
    Pieces: withUsual(card.isAugmented ? { ...pieceOptions, ...augmentOptions } : pieceOptions, usual),
    [`Method (${card.name})`]: card.options,
    Learning: withUsual(learning, usual),
  };
}
