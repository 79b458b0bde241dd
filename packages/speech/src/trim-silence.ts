/**
 * A recording without the silence before and after what is spoken, by the voice activity detector of WebRTC (libfvad).
 *
 * The detector judges frames of 10, 20 or 30 ms by the energies of six bands under two Gaussian models, voice and noise. It hears music
 * and whatever is loud and tonal as voice too. Pauses within speech stay.
 */
import type { VoiceDetector } from "@echogarden/fvad-wasm";
import { resample } from "./resample.js";
import type { Sound } from "./sound.js";

export interface TrimSilenceOptions {
  /** 0 to 3: the higher, the more must speak for voice. */
  aggressiveness?: 0 | 1 | 2 | 3;
  frameMs?: 10 | 20 | 30;
  /** What is kept before the first and after the last voice. */
  marginMs?: number;
  /** Shorter voices are no speech: a click, a knock. */
  leastSpeechMs?: number;
}

export interface TrimmedSound {
  /** From the first voice to the last; the whole recording where there is none. */
  readonly sound: Sound;
  readonly hasSpeech: boolean;
  /** Seconds that were taken away at the beginning and at the end. */
  readonly before: number;
  readonly after: number;
}

export async function trimSilence(sound: Sound, options: TrimSilenceOptions = {}): Promise<TrimmedSound> {
  const { aggressiveness = 2, frameMs = 30, marginMs = 100, leastSpeechMs = 90 } = options;
  assertPossible({ aggressiveness, frameMs, marginMs, leastSpeechMs });
  const { samples, sampleRate } = sound;
  const voiced = await voicedFrames(sound, { aggressiveness, frameMs });
  const run = Math.max(1, Math.ceil(leastSpeechMs / frameMs));
  const runs = voiced.map(
    (_, frame) => frame + run <= voiced.length && voiced.slice(frame, frame + run).every(Boolean),
  );
  const [first, last] = [runs.indexOf(true), runs.lastIndexOf(true) + run];
  if (first < 0) return { sound, hasSpeech: false, before: 0, after: 0 };

  const toSamples = (ms: number) => Math.round((ms / 1000) * sampleRate);
  const start = Math.max(0, toSamples(first * frameMs - marginMs));
  const end = Math.min(samples.length, toSamples(last * frameMs + marginMs));
  const kept = { ...sound, samples: samples.slice(start, end) };
  return { sound: kept, hasSpeech: true, before: start / sampleRate, after: (samples.length - end) / sampleRate };
}

/** The rates that the detector knows; others are heard at the second of them. */
const detectorRates = [8_000, 16_000, 32_000, 48_000];

async function voicedFrames(
  { samples, sampleRate }: Sound,
  { aggressiveness, frameMs }: Required<Pick<TrimSilenceOptions, "aggressiveness" | "frameMs">>,
): Promise<boolean[]> {
  const rate = detectorRates.includes(sampleRate) ? sampleRate : 16_000;
  const heard = resample(samples, sampleRate, rate);
  const frame = (frameMs * rate) / 1000;
  const module = await loaded();
  const detector = module._fvad_new();
  const buffer = module._malloc(2 * frame);
  try {
    module._fvad_set_mode(detector, aggressiveness);
    module._fvad_set_sample_rate(detector, rate);
    return Array.from({ length: Math.floor(heard.length / frame) }, (_, n) => {
      const shorts = heard
        .subarray(n * frame, (n + 1) * frame)
        .map((value) => Math.max(-32768, Math.min(32767, 32768 * value)));
      module.HEAP16.set(shorts, buffer / 2);
      return module._fvad_process(detector, buffer, frame) === 1;
    });
  } finally {
    module._free(buffer);
    module._fvad_free(detector);
  }
}

let module: Promise<VoiceDetector> | undefined;

/** Loaded when the first recording is trimmed. */
function loaded(): Promise<VoiceDetector> {
  module ??= import("@echogarden/fvad-wasm").then(({ default: fvad }) => fvad());
  return module;
}

function assertPossible({ aggressiveness, frameMs, marginMs, leastSpeechMs }: Required<TrimSilenceOptions>): void {
  const demands: readonly [met: boolean, demand: string][] = [
    [[0, 1, 2, 3].includes(aggressiveness), `aggressiveness must be 0, 1, 2 or 3, got ${aggressiveness}`],
    [[10, 20, 30].includes(frameMs), `frameMs must be 10, 20 or 30, got ${frameMs}`],
    [marginMs >= 0, `marginMs must be 0 or more, got ${marginMs}`],
    [leastSpeechMs >= 0, `leastSpeechMs must be 0 or more, got ${leastSpeechMs}`],
  ];
  for (const [met, demand] of demands) if (!met) throw new RangeError(`trimSilence: ${demand}.`);
}
