/**
 * The way from a run's settings to what learns from recordings: the method on its encoder, the optimizer, the data.
 */
import { createRandom, type Learner, pretrainingOptimizer } from "@autodidact/core";
import { scheduleOf } from "@autodidact/core/cards";
import { type WaveAugment, waveAugment } from "../augment/wave-augment.js";
import { openPretrainSounds } from "../datasets/pretrain-sounds.js";
import { makeSpeechEncoder } from "../encoders/named-encoders.js";
import { speechLearner } from "../speech-learner.js";
import type { SpeechCard } from "./speech-card.js";
import { type SpeechSettings, speechMethods } from "./speech-settings.js";

/** `run` is its folder, which exists; `path` is where the data is now, if it has moved since the run began. */
export async function settledSpeechLearner(settings: SpeechSettings, run?: string, path?: string): Promise<Learner> {
  const { data, steps, batchSize, cropSeconds, clipNorm } = settings;
  const { method, optimizer, random } = pretrainingParts(settings);
  const card: SpeechCard = speechMethods[settings.method];
  return speechLearner(method, await openPretrainSounds(data, { run, path }), {
    optimizer,
    learningRate: scheduleOf(settings),
    steps,
    batchSize,
    cropSeconds,
    random,
    clipNorm: clipNorm ?? undefined,
    maxCorrupt: data.maxCorrupt,
    chance: card.chance?.(settings as never, batchSize),
  });
}

function pretrainingParts(settings: SpeechSettings) {
  const { data, seed, encoder, cropSeconds, speakers } = settings;
  const card: SpeechCard = speechMethods[settings.method];
  const random = createRandom(seed);
  const method = card.make({
    encoder: makeSpeechEncoder(encoder, { sampleRate: data.sampleRate, random: random.split("encoder") }),
    random: random.split("method"),
    cropSeconds,
    speakers,
    augment: augmentOf(settings),
    options: settings as never, // the schema of settings holds the card's own options
  });
  const optimizer = pretrainingOptimizer(method, { ...settings.optimizer, decay: "weights" });
  return { method, optimizer, random: random.split("training") };
}

function augmentOf({ augment, cropSeconds, data: { sampleRate } }: SpeechSettings): WaveAugment | undefined {
  if (augment === null) return undefined;
  const { noise, noiseSnr, room, gain } = augment;
  if (noise === 0 && room === 0 && gain === 0) return undefined;
  return waveAugment({
    samples: Math.round(cropSeconds * sampleRate),
    sampleRate,
    ...(noise > 0 && { noise: { probability: noise, snr: noiseSnr, kinds: ["white", "pink", "batch"] as const } }),
    ...(room > 0 && { room: { share: room } }),
    ...(gain > 0 && { gain: { probability: 1, db: [-gain, gain] as const } }),
  });
}
