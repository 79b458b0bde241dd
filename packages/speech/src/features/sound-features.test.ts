import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frameTransformer } from "../encoders/frame-transformer.js";
import type { SpeechEncoder } from "../encoders/speech-encoder.js";
import { tones } from "../testing/tones.js";
import { comparableLength, evenCrops } from "./even-crops.js";
import { logMel } from "./log-mel.js";
import { logMelStatistics } from "./log-mel-statistics.js";
import { soundFeatures } from "./sound-features.js";

beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
afterAll(useTestBackend);

const frontEnd = logMel({ sampleRate: 8000, bands: 10, normalize: "utterance" });
const encoder = frameTransformer({ frontEnd, width: 8, layers: 2, heads: 2, random: createRandom(1) });

/** The embedding of one wave, as it is. */
const embedded = (samples: Float32Array, of = encoder as SpeechEncoder) =>
  tidy(() => [...of(tensor2d(samples, [1, samples.length])).dataSync()]);

const meanOf = (rows: readonly number[][]) =>
  rows[0]!.map((_, d) => rows.reduce((sum, row) => sum + row[d]! / rows.length, 0));

function expectRow(values: Float32Array, row: number, expected: readonly number[]): void {
  const got = values.subarray(row * expected.length, (row + 1) * expected.length);
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 4);
}

describe("comparable lengths", () => {
  test("are few, and what of a recording is in no crop is less than 5 % of one", () => {
    const limits = { shortest: 200, longest: 80000 };
    const lengths = new Set<number>();
    let wrong = 0;
    for (let samples = 200; samples <= 100000; samples += 7) {
      const length = comparableLength(samples, limits);
      const crops = evenCrops(new Float32Array(samples), length);
      const ends = crops.map(({ byteOffset }) => byteOffset / 4 + length);
      const lost = crops[0]!.byteOffset / 4 + samples - ends.at(-1)!;
      const hasGap = ends.some((end, i) => i + 1 < crops.length && crops[i + 1]!.byteOffset / 4 > end);
      if (length > samples || crops.length > 2 || lost >= 0.05 * length || hasGap) wrong += 1;
      lengths.add(length);
    }
    expect(wrong).toBe(0);
    expect(lengths.size).toBeLessThan(30); // ln 400 / ln 1.25 = 26.9
    expect([comparableLength(7, limits), comparableLength(1e6, limits)]).toEqual([200, 80000]);
  });

  test("crops are from the middle, or evenly spaced over a longer recording, or a shorter one repeated", () => {
    const counting = (length: number) => Float32Array.from({ length }, (_, i) => i);
    const starts = (length: number, of: number) => evenCrops(counting(length), of).map(([start]) => start);
    expect(starts(104, 100)).toEqual([2]);
    expect(starts(250, 100)).toEqual([0, 75, 150]);
    expect(evenCrops(counting(3), 7).map((crop) => [...crop])).toEqual([[0, 1, 2, 0, 1, 2, 0]]);
  });
});

describe("soundFeatures", () => {
  test("recordings of many lengths keep their order, each as if it were alone", async () => {
    const lengths = [800, 2000, 210, 2040, 801, 2000, 150];
    const sounds = lengths.map((length, n) => {
      const [sound] = tones(1, { seconds: length / 8000, seed: n });
      return sound!;
    });
    const extract = soundFeatures(encoder, { batchSize: 2 });
    const { values, count, size } = await extract(sounds);
    expect([count, size]).toEqual([7, 8]);
    for (const [row, { samples }] of sounds.entries()) {
      const length = comparableLength(samples.length, { shortest: 200, longest: 80000 });
      expectRow(values, row, meanOf(evenCrops(samples, length).map((crop) => embedded(crop))));
    }
    const tensors = memory().numTensors;
    await extract(sounds);
    expect(memory().numTensors).toBe(tensors);
    extract.dispose();
  });

  test("a long recording is the mean of its crops", async () => {
    const [sound] = tones(1, { seconds: 0.25 }); // 2,000 samples
    const { values } = await soundFeatures(encoder, { maxSeconds: 0.1, batchSize: 2 })([sound!]);
    const crops = [0, 600, 1200].map((start) => embedded(sound!.samples.subarray(start, start + 800)));
    expectRow(values, 0, meanOf(crops));
  });

  test("layers: one alone, or all side by side", async () => {
    const sounds = tones(2, { seconds: 0.1 });
    const all = await soundFeatures(encoder, { layer: "all", batchSize: 2 })(sounds);
    expect([all.count, all.size, all.layers]).toEqual([2, 24, 3]); // what enters, and two layers
    const first = await soundFeatures(encoder, { layer: 1, batchSize: 2 })(sounds);
    expect([...all.values.subarray(32, 40)]).toEqual([...first.values.subarray(8, 16)]);
    const last = await soundFeatures(encoder, { batchSize: 2 })(sounds);
    for (let i = 0; i < 8; i += 1) expect(all.values[16 + i]).toBeCloseTo(last.values[i]!, 5);
    await expect(soundFeatures(encoder, { layer: 3 })(sounds)).rejects.toThrow("0 to 2, got 3");
  });

  test("refuses another rate and an empty recording, by name", async () => {
    const [sound] = tones(1, { sampleRate: 16000 });
    await expect(soundFeatures(encoder)([sound!])).rejects.toThrow("8000 Hz, got 16000 Hz (tone-0.wav)");
    const empty = { id: "empty.wav", samples: new Float32Array(0), sampleRate: 8000 };
    await expect(soundFeatures(encoder)([empty])).rejects.toThrow("empty.wav must have a sample");
  });
});

describe("logMelStatistics", () => {
  test("means and deviations of every frame of a recording of any length", async () => {
    const sounds = [0.1, 1.7, 0.02, 0.5, 0.51, 6, 0.3].map((seconds, n) => tones(1, { seconds, seed: n })[0]!);
    const { values, count, size } = await logMelStatistics({ sampleRate: 8000, bands: 6 })(sounds);
    expect([count, size]).toEqual([7, 12]);
    const mel = logMel({ sampleRate: 8000, bands: 6 });
    for (const [row, { samples }] of sounds.entries()) {
      const whole = evenCrops(samples, Math.max(200, samples.length))[0]!;
      const frames = tidy(() => mel(tensor2d(whole, [1, whole.length])).arraySync()[0]!);
      const means = frames[0]!.map((_, band) => frames.reduce((sum, frame) => sum + frame[band]!, 0) / frames.length);
      const deviations = means.map((mean, band) =>
        Math.sqrt(frames.reduce((sum, frame) => sum + (frame[band]! - mean) ** 2, 0) / frames.length),
      );
      const got = values.subarray(row * 12, row * 12 + 12);
      for (const [i, value] of [...means, ...deviations].entries()) expect(got[i]).toBeCloseTo(value, 3);
    }
  });

  test("names a recording of another rate", async () => {
    const sounds = tones(1, { sampleRate: 16000 });
    await expect(logMelStatistics({ sampleRate: 8000 })(sounds)).rejects.toThrow("at 8000 Hz, got 4800 at 16000 Hz");
  });
});
