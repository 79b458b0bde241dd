/**
 * Everything that decides how a pretraining run goes: what its config.json holds, and what reads it back.
 */
import { counted, UsageError } from "@autodidact/core";
import {
  byName,
  filled,
  learnedByAdamW,
  ownSettings,
  parseSettings,
  type SettingsOf,
  settingsSchema,
  withUsual,
} from "@autodidact/core/cards";
import { z } from "zod";
import type { ExaminedSounds } from "../datasets/pretrain-sounds.js";
import { speechEncoderSettings } from "../encoders/named-encoders.js";
import type { SpeechCard, SpeechFacts } from "./speech-card.js";
import * as methods from "./speech-methods.js";
import { encoderSchema, refuseEncoder, type SpeechOptions, soundData, speechOptions } from "./speech-options.js";

const share = z.number().min(0).max(1);

const beforeOwn = z.strictObject({
  data: soundData,
  encoder: encoderSchema,
  /** Of a piece that is heard. */
  cropSeconds: z.number().positive(),
  /** How many people speak; 0 where nobody says of every recording. */
  speakers: z.int().nonnegative(),
  /** What is done to crops by chance; null: nothing, of methods that compare no voices. */
  augment: z
    .strictObject({ noise: share, noiseSnr: z.tuple([z.number(), z.number()]), room: share, gain: z.number().min(0) })
    .nullable(),
});

export const speechMethods = byName(methods);
type Shared = z.infer<typeof beforeOwn> & z.infer<typeof learnedByAdamW>;
/** The settings of one of the methods: what it has of its own stands beside what all have. */
export type SpeechSettings = SettingsOf<(typeof speechMethods)[keyof typeof speechMethods], Shared>;

const schema = settingsSchema(Object.values(speechMethods), (own) => ({
  ...beforeOwn.shape,
  ...own,
  ...learnedByAdamW.shape,
}));

export function parseSpeechSettings(value: unknown, from: string): SpeechSettings {
  return parseSettings(schema, value, from) as SpeechSettings;
}

const USUAL_BATCH = 32;
/** Of methods that tell voices apart: each is told from all others of the batch. */
const USUAL_VOICES = 64;
const USUAL_CROP = 2;
/** Where half of the recordings are shorter, a recording's mean spectrum is much of its voice. */
const SHORT_SECONDS = 2;

/** What was not typed follows from the method and the data. `isByData`: the data's own mean and deviation are still to be measured. */
export function speechSettingsFrom(
  card: SpeechCard,
  typed: SpeechOptions,
  { length, speakers, medianSeconds = USUAL_CROP, ...data }: ExaminedSounds["facts"],
): { settings: SpeechSettings; isByData: boolean } {
  const options = filled(withUsual(speechOptions, card.usual), typed);
  const batchSize = options.batchSize ?? Math.min(card.isAugmented ? USUAL_VOICES : USUAL_BATCH, length);
  const batches = Math.floor(length / batchSize);
  if (length < 2) {
    throw new UsageError(
      `pretraining needs two recordings at least, each told from the others; ${data.path} holds ${length === 0 ? "none" : "one"}. Add recordings.`,
    );
  }
  if (batches === 0) {
    throw new UsageError(
      `\`batchSize\` must not be greater than the data, got ${batchSize} for ${counted(length, "recordings")}. Lower it.`,
    );
  }
  const name = options.encoder ?? card.usual.encoder!;
  const unfit = refuseEncoder(card, name);
  if (unfit !== undefined) throw new UsageError(unfit);
  const isVoice = name === "ecapa-tdnn" || name === "resnet34";
  if (typed.normalize !== undefined && !isVoice) {
    throw new UsageError(`\`normalize\` does not go with { encoder: "${name}" }, whose own is fixed. Leave it out.`);
  }
  const usually = medianSeconds < SHORT_SECONDS ? "data" : name === "ecapa-tdnn" ? "mean" : "recording";
  const normalize = options.normalize ?? usually;
  const cropSeconds = options.cropSeconds ?? usualCrop(medianSeconds);
  const encoder = speechEncoderSettings(
    { ...options, encoder: name },
    { normalize: normalize === "mean" ? "mean" : "utterance", seconds: cropSeconds },
  );
  const facts: SpeechFacts = { data, encoder, recordings: length, speakers, cropSeconds, batchSize };
  const own = ownSettings(card, typed, facts);
  const reason = card.refuse?.(own as never, facts);
  if (reason !== undefined) throw new UsageError(reason);
  const settings = {
    method: card.name,
    data,
    encoder,
    cropSeconds,
    speakers,
    augment: augmentOf(card, options),
    ...own,
    steps: options.steps ?? options.epochs * batches,
    batchSize,
    optimizer: { name: "adamw", learningRate: options.lr, weightDecay: options.weightDecay },
    warmup: options.warmup,
    clipNorm: options.clip === 0 ? null : options.clip,
    seed: options.seed,
  } as SpeechSettings;
  return { settings, isByData: isVoice && normalize === "data" };
}

/** To a tenth of a second, at most 2. */
function usualCrop(medianSeconds: number): number {
  return Math.min(USUAL_CROP, Math.max(0.1, Math.floor(10 * medianSeconds) / 10));
}

function augmentOf(
  { isAugmented }: SpeechCard,
  { noise, noiseSnr, room, gain }: { noise: number; noiseSnr: readonly [number, number]; room: number; gain: number },
): SpeechSettings["augment"] {
  if (!isAugmented) return null;
  return { noise, noiseSnr: [...noiseSnr], room, gain };
}
