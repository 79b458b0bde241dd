/**
 * What a run on recordings is to be: refused or settled before anything is made.
 */
import { type Place, readSamples } from "@autodidact/core";
import { assertGiven, type SettledPlan } from "@autodidact/core/cards";
import { examineSounds, openPretrainSounds, type PretrainSounds } from "../datasets/pretrain-sounds.js";
import { logMelStatistics } from "../features/log-mel-statistics.js";
import { boundsOf, readingOf } from "./sound-reading.js";
import type { SpeechCard } from "./speech-card.js";
import { type SpeechOptions, speechOptionGroups } from "./speech-options.js";
import { type SpeechSettings, speechSettingsFrom } from "./speech-settings.js";

export async function planSpeech(
  card: SpeechCard,
  path: string,
  typed: SpeechOptions,
): Promise<SettledPlan<SpeechSettings>> {
  assertGiven("planSpeech", speechOptionGroups(card), typed);
  const reading = readingOf(typed);
  const told = {
    ...boundsOf(typed),
    sampleRate: typed.sampleRate,
    ...(Object.keys(reading).length > 0 && { reading }),
  };
  const { facts, found } = await examineSounds(path, told);
  const { settings, isByData } = speechSettingsFrom(card, typed, facts);
  const isCut = facts.medianSeconds !== undefined && facts.medianSeconds < settings.cropSeconds;
  const short = `warning: half of the recordings are shorter than { cropSeconds: ${settings.cropSeconds} }: they are repeated to fill it, and what is hidden can be copied. Lower it to ${facts.medianSeconds?.toFixed(1)}.`;
  return {
    found: { ...found, remarks: [...(found.remarks ?? []), ...(isCut ? [short] : [])] },
    settle: (place) => (isByData ? withMeasured(settings, place) : Promise.resolve(settings)),
  };
}

const MEASURED = 200;

/** The mean and deviation of the log-mel bands of some recordings, spread over the data. */
async function withMeasured(settings: SpeechSettings, { line, signal }: Place): Promise<SpeechSettings> {
  const normalize = await measured(settings.data, signal);
  line.print(`log-mel bands of the data: mean ${normalize.mean}, deviation ${normalize.deviation}`);
  return { ...settings, encoder: { ...settings.encoder, normalize } } as SpeechSettings;
}

async function measured(data: PretrainSounds, signal: AbortSignal): Promise<{ mean: number; deviation: number }> {
  const sounds = await openPretrainSounds(data);
  const count = Math.min(MEASURED, sounds.length);
  const rows = Array.from({ length: count }, (_, n) => Math.floor((n * sounds.length) / count));
  const extract = logMelStatistics({ sampleRate: data.sampleRate });
  try {
    const { values, size } = await extract(readSamples(sounds, { rows, signal, onCorrupt: () => {} }), { signal });
    const bands = size / 2;
    let [sum, squares] = [0, 0];
    for (const [i, value] of values.entries()) {
      if (i % size < bands) sum += value;
      squares += value ** 2; // of the means and of the deviations: together the mean of the squares
    }
    const cells = values.length / 2;
    const mean = sum / cells;
    return { mean: rounded(mean), deviation: rounded(Math.sqrt(Math.max(squares / cells - mean ** 2, 1e-6))) };
  } finally {
    extract.dispose();
  }
}

const rounded = (value: number) => Number(value.toPrecision(6));
