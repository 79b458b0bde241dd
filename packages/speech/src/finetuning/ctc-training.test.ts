import { createRandom, ctcLoss, type Random } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { type Scalar, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { type FeatureAugment, specAugment } from "../augment/spec-augment.js";
import { frameTransformer } from "../encoders/frame-transformer.js";
import { encoderFrontEnd } from "../features/log-mel.js";
import { toneWords } from "../testing/tone-words.js";
import { vocabularyOf } from "./character-vocabulary.js";
import { ctcModel } from "./ctc-model.js";
import { ctcTraining, fittingUtterances } from "./ctc-training.js";
import { filledWaves, fittingLength, utteranceLengths } from "./utterance-lengths.js";

beforeAll(useTestBackend);

const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 6 });
const vocabulary = vocabularyOf(["<pad>", "|", "a", "b", "c", "d"], true);
const sounds = toneWords(4, { words: 1, lead: 0 });
const modelOf = (seed: number, allLayers = true) => {
  const encoder = frameTransformer({ frontEnd, width: 8, layers: 2, heads: 2, stack: 4, random: createRandom(seed) });
  return ctcModel(encoder, vocabulary, { random: createRandom(seed).split("head"), allLayers });
};
const { fitting } = fittingUtterances(modelOf(1), sounds);
const places = { lengths: [3200], labelPlaces: 12 };

describe("the suite of every method", () => {
  const make = (random: Random) => ctcTraining(modelOf(random.integer(1000)), places);
  const inputs = () =>
    filledWaves(
      sounds.map(({ samples }) => samples),
      8000,
    );
  for (const { name, run } of methodSuite({ make, samples: fitting, inputs, steps: 12 })) test(name, run);
});

describe("ctcTraining", () => {
  const batchOf = () => ctcTraining(modelOf(1), places).draw(fitting, createRandom(1));

  it("draws waves filled by repeating, own frames and own labels", () => {
    tidy(() => {
      const { waves, frames, labels, lengths } = batchOf();
      expect(waves.shape).toEqual([4, 3200]);
      const { samples, transcript } = sounds[0]!;
      const [wave] = waves.arraySync();
      expect(wave![samples.length + 5]).toBe(samples[5]);
      expect(frames.arraySync()[0]).toBe(modelOf(1).encoder.frames(samples.length));
      expect(lengths.arraySync()[0]).toBe(transcript!.length);
      expect(vocabulary.decode(labels.arraySync()[0]!)).toBe(transcript);
    });
  });

  it("is the mean loss a character, and ends with a recording's own frames and labels", () => {
    tidy(() => {
      const method = ctcTraining(modelOf(1), places);
      const batch = method.draw(fitting, createRandom(1));
      const loss = (method.loss(batch) as Scalar).dataSync()[0]!;
      const each = ctcLoss(modelOf(1)(batch.waves), batch).arraySync();
      const lengths = batch.lengths.arraySync();
      expect(loss).toBeCloseTo(each.reduce((sum, own, n) => sum + own / lengths[n]!, 0) / each.length, 4);
      const dirty = batch.labels.arraySync().map((row, n) => row.map((label, i) => (i < lengths[n]! ? label : 3)));
      const behind = { ...batch, labels: tensor2d(dirty, batch.labels.shape, "int32") };
      expect((method.loss(behind) as Scalar).dataSync()[0]).toBeCloseTo(loss, 5);
    });
  });

  it("lets features be masked by chance", () => {
    const lossOf = (augment?: FeatureAugment) => {
      const method = ctcTraining(modelOf(1), { ...places, augment });
      return tidy(() => (method.loss(method.draw(fitting, createRandom(1))) as Scalar).dataSync()[0]!);
    };
    const masked = lossOf(specAugment({ bandWidth: 20, timeMasks: 0 }));
    expect(masked).not.toBe(lossOf());
    expect(Number.isFinite(masked)).toBe(true);
  });
});

describe("fittingUtterances", () => {
  it("refuses recordings of another rate, and empty ones", () => {
    const [sound] = sounds;
    const model = modelOf(1);
    expect(() => fittingUtterances(model, [{ ...sound!, sampleRate: 16_000 }])).toThrow(
      "the model's 8000 Hz, got 16000 Hz",
    );
    expect(() => fittingUtterances(model, [{ ...sound!, samples: new Float32Array(0) }])).toThrow("must have a sample");
    const silent = fittingUtterances(model, [{ ...sound!, transcript: "" }]);
    expect([silent.fitting[0]!.labels.length, silent.tooShort]).toEqual([0, []]);
  });
});

describe("utteranceLengths", () => {
  it("are few, hold all, and have as many recordings each", () => {
    const samples = Array.from({ length: 100 }, (_, i) => 1000 + i);
    expect(utteranceLengths(samples, { shortest: 10 })).toEqual([1024, 1049, 1074, 1099]);
    expect(utteranceLengths(samples, { shortest: 1060, most: 2 })).toEqual([1060, 1099]);
    expect(utteranceLengths([5, 5, 5], { shortest: 10 })).toEqual([10]);
    expect(fittingLength([10, 20], 11)).toBe(20);
    expect(() => fittingLength([10, 20], 21)).toThrow("must have 20 samples at most, got 21");
  });

  it("a wave that is shorter begins again", () => {
    const wave = filledWaves([Float32Array.of(1, 2, 3)], 8);
    expect([...wave.dataSync()]).toEqual([1, 2, 3, 1, 2, 3, 1, 2]);
  });
});
