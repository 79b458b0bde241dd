import { CorruptSampleError, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, expect, it } from "vitest";
import type { SoundDataset } from "../datasets/sound-dataset.js";
import type { LoadedSpeechEncoder } from "../encoders/load-speech-encoder.js";
import { smallSpeakerEncoder } from "../testing/small-speaker-encoder.js";
import { voices } from "../testing/voices.js";
import { speakerContenders } from "./speaker-contenders.js";
import { trialList } from "./trial-list.js";

beforeAll(useTestBackend);

const sounds = voices(3, 2);
const dataset = {
  length: sounds.length,
  id: (index: number) => sounds[index]!.id,
  get: async (index: number) => sounds[index]!,
} as unknown as SoundDataset;
const loaded = {
  encoder: smallSpeakerEncoder(createRandom(1)),
  untrained: () => smallSpeakerEncoder(createRandom(2)),
  decoding: { sampleRate: 8000 },
} as unknown as LoadedSpeechEncoder;

it("gives each contender the same trials, of the recordings that are named alone; raw columns have mean 0 and deviation 1", async () => {
  const id = (index: number) => sounds[index]!.id;
  const trials = trialList([
    { first: id(1), second: id(4), isSame: true },
    { first: id(4), second: id(5), isSame: false },
  ]);
  const told: string[] = [];
  const { encoder, randomInit, rawFeatures } = await speakerContenders(loaded, dataset, trials, {
    onProgress: (contender, done, recordings) => told.push(`${contender} ${done}/${recordings}`),
  });
  for (const { first, second, isSame, features } of [encoder, randomInit, rawFeatures]) {
    expect([...first, ...second, ...isSame]).toEqual([0, 1, 1, 2, 1, 0]); // rows 1, 4 and 5 are 0, 1 and 2
    expect(features.count).toBe(3);
  }
  expect(encoder.features.values).not.toEqual(randomInit.features.values);
  const { values, size } = rawFeatures.features;
  const column = [values[0]!, values[size]!, values[2 * size]!];
  expect(column.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
  expect(Math.hypot(...column) / Math.sqrt(3)).toBeCloseTo(1, 4);
  expect(told.at(-1)).toBe("randomInit 3/3");
});

it("a trial's recording that cannot be read is an error: there is no answer to it", async () => {
  const broken = { ...dataset, get: () => Promise.reject(new CorruptSampleError("a.wav", "is empty")) };
  const trials = trialList([
    { first: sounds[0]!.id, second: sounds[3]!.id, isSame: true },
    { first: sounds[0]!.id, second: sounds[1]!.id, isSame: false },
  ]);
  await expect(speakerContenders(loaded, broken as SoundDataset, trials)).rejects.toThrow("leave the trial out");
});
