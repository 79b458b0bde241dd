import {
  assignVariables,
  chooseEngine,
  createRandom,
  gradientsOf,
  namedVariables,
  type Random,
  storeFloats,
  training,
} from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { scalar, slice, type Tensor, tensor3d, tidy, zerosLike } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wav2vec2 } from "./encoders/wav2vec2.js";
import { wav2vec2OptionsFrom } from "./encoders/wav2vec2-config.js";
import { NEVER } from "./masking/draw-negatives.js";
import { hiddenPlaces } from "./masking/hidden-places.js";
import { stackSounds } from "./sound.js";
import { expectClose, readOracle, restored, type Stored } from "./testing/oracle.js";
import { expectResumes } from "./testing/resumed.js";
import { twoTones } from "./testing/two-tones.js";
import { type MaskedWaves, wav2vec } from "./wav2vec.js";

const oracle = readOracle<Oracle>("wav2vec");
const small = {
  channels: [8, 8],
  kernels: [10, 4],
  strides: [5, 4],
  width: 8,
  layers: 1,
  heads: 2,
  positionKernel: 6,
  positionGroups: 2,
};
const options = {
  cropSeconds: 0.02,
  maskLength: 2,
  groups: 2,
  entries: 6,
  codeSize: 8,
  projectionSize: 8,
  negatives: 10,
};
const build = (seed: number, more = {}) => {
  const random = createRandom(seed);
  return wav2vec(wav2vec2({ ...small, random: random.split("encoder") }), random, { ...options, ...more });
};

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("wav2vec", () => {
  const suite = methodSuite({
    make: (random) => wav2vec(wav2vec2({ ...small, random: random.split("encoder") }), random, options),
    samples: twoTones,
    inputs: () => stackSounds(twoTones),
    steps: 8,
    learningRate: 0.01,
  });
  for (const { name, run } of suite) test(name, run);

  for (const engine of ["cpu", "onnx"] as const) {
    test(`terms and every gradient are Hugging Face's Wav2Vec2ForPreTraining's, and fairseq's penalty, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const { method, batch } = given();
      tidy(() => {
        const numbers = training(() => method.metrics!(batch));
        for (const name of ["contrastive", "penalty", "accuracy"] as const) {
          expectClose(numbers[name]!, { shape: [], values: [oracle[name]] }, 1e-4, name);
        }
        const learned = namedVariables(method.learned, "parameters");
        const { loss, gradients } = training(() => gradientsOf(() => method.loss(batch), learned));
        expectClose(loss, { shape: [], values: [oracle.loss] }, 1e-4, "loss");
        expect(Object.keys(gradients).sort()).toEqual(Object.keys(oracle.gradients).map(ours).sort());
        for (const [name, stored] of Object.entries(oracle.gradients)) {
          expectClose(gradients[ours(name)]!, stored, 1e-4, `gradient of ${name}`);
        }
      });
    });
  }

  test("a batch hides spans, shows each hidden frame's place once, and fills up with places that do not count", () => {
    const batch = build(1).draw(twoTones, createRandom(2));
    const [mask, places, counted] = [batch.mask, batch.places, batch.counted].map((t) => t.arraySync() as number[][]);
    for (const [n, row] of mask!.entries()) {
      const hidden = row.flatMap((value, frame) => (value === 1 ? [frame] : []));
      expect(places![n]!.filter((_, i) => counted![n]![i] === 1)).toEqual(hidden);
      expect(counted![n]!.reduce((a, b) => a + b)).toBe(hidden.length);
      for (const [i, place] of places![n]!.entries()) if (counted![n]![i] === 0) expect(place).toBe(hidden[0]);
    }
  });

  test("negatives are other hidden frames of the utterance, so many for each", () => {
    const { choices, counted } = build(1).draw(twoTones, createRandom(2));
    const [table, counts] = [choices.arraySync(), counted.arraySync()];
    for (const [n, rows] of table.entries()) {
      const hidden = counts[n]!.reduce((a, b) => a + b);
      for (const [i, row] of rows.entries()) {
        expect(row[i]).toBe(0); // itself, as the positive
        const times = row.map((logarithm, j) =>
          i === j || logarithm === Math.fround(NEVER) ? 0 : Math.exp(logarithm),
        );
        expect(times.reduce((a, b) => a + b)).toBeCloseTo(i < hidden ? 10 : 0, 4);
        for (const often of times.slice(hidden)) expect(often).toBe(0);
      }
    }
  });

  test("a batch's contrastive loss is the mean over its hidden frames; the perplexity is the batch's own", () => {
    const method = build(1);
    const batch = method.draw(twoTones, createRandom(2));
    const rows = (from: number, count: number) =>
      Object.fromEntries(
        Object.entries(batch).map(([name, t]) => [
          name,
          slice(t as Tensor, startAt(from, t), [count, ...t.shape.slice(1)]),
        ]),
      ) as MaskedWaves;
    const startAt = (from: number, t: Tensor) => [from, ...t.shape.slice(1).map(() => 0)];
    const parts = [rows(0, 2), rows(2, 4), batch].map((part) => {
      const { contrastive, perplexity } = method.metrics!(part);
      const [loss, codes] = [contrastive, perplexity].map((number) => number!.dataSync()[0]!);
      return {
        loss: loss!,
        codes: codes!,
        hidden: part.counted
          .arraySync()
          .flat()
          .reduce((a, b) => a + b),
      };
    });
    const [first, second, whole] = parts as [Part, Part, Part];
    const mean = (first.loss * first.hidden + second.loss * second.hidden) / (first.hidden + second.hidden);
    expect(whole.loss).toBeCloseTo(mean, 4);
    expect(whole.codes).toBeGreaterThan(first.codes);
  });

  test("when all frames have one code it tells so: perplexity 1 a group, loss 0, accuracy 1", () => {
    const method = build(1);
    const { "quantizer.weight_proj.weight": weight } = namedVariables(method.learned, "parameters");
    weight!.assign(zerosLike(weight!)); // every logit is the bias, 0: the first entry of each group
    const { perplexity, contrastive, accuracy } = method.metrics!(method.draw(twoTones, createRandom(2)));
    expect(perplexity!.dataSync()[0]).toBeCloseTo(2, 3);
    expect(contrastive!.dataSync()[0]).toBeCloseTo(0, 5);
    expect(accuracy!.dataSync()[0]).toBe(1);
  });

  test("the temperature falls from 2 to 0.5 in the first 70 % of the updates, and is saved", () => {
    const method = build(1);
    const { temperature } = method.carried!.gumbel!.buffers;
    const after = (progress: number) => {
      tidy(() => method.afterStep!(scalar(progress)));
      return temperature!.dataSync()[0]!;
    };
    expect(temperature!.dataSync()[0]).toBe(2);
    const updates = 400_000;
    for (const share of [0, 0.1, 0.5]) expect(after(share)).toBeCloseTo(2 * 0.999995 ** (share * updates), 1); // fairseq's
    for (const share of [0.7, 1]) expect(after(share)).toBeCloseTo(0.5, 5);
  });

  test("stopped and resumed it ends as unbroken, temperature and noise and all", async () => {
    await chooseEngine({ engine: "onnx" });
    const make = (random: Random) =>
      wav2vec(wav2vec2({ ...small, dropout: 0.1, random: random.split("encoder") }), random, options);
    await expectResumes(make, twoTones);
  });

  test("refuses crops without room for a span, and temperatures that rise", () => {
    expect(() => build(1, { cropSeconds: 0.0018 })).toThrow("got 1 frames of 0.0018 s for spans of 2");
    expect(() => build(1, { gumbelTemperature: [0.5, 2] })).toThrow("gumbelTemperature must fall, got 0.5 to 2");
    expect(() => build(1, { negatives: 0 })).toThrow("negatives must be a whole number above 0, got 0");
    expect(() => build(1, { codeSize: 7 })).toThrow("groups must divide the size of a code's vector, got 2 for 7");
  });
});

/** The model and the batch whose losses PyTorch computed. */
function given() {
  const { groups, entries, codeSize, projectionSize } = {
    groups: oracle.pretraining.num_codevector_groups!,
    entries: oracle.pretraining.num_codevectors_per_group!,
    codeSize: oracle.pretraining.codevector_dim!,
    projectionSize: oracle.pretraining.proj_codevector_dim!,
  };
  const encoder = wav2vec2(wav2vec2OptionsFrom(oracle.config, createRandom(1)));
  const method = wav2vec(encoder, createRandom(2), {
    groups,
    entries,
    codeSize,
    projectionSize,
    maskLength: 2,
    cropSeconds: 330 / 16_000,
    gumbelTemperature: [oracle.temperature, 0.5],
  });
  const stored = Object.entries(oracle.weights).map(
    ([name, { shape, values }]) => [ours(name), storeFloats(Float32Array.from(values), shape)] as const,
  );
  const learned = namedVariables(method.learned, "parameters");
  assignVariables(learned, new Map(stored), { from: "the oracle" });
  return { method, batch: givenBatch() };
}

function givenBatch(): MaskedWaves {
  const hidden = oracle.mask.map((row) => Int32Array.from(row.flatMap((value, frame) => (value === 1 ? [frame] : []))));
  const [n, frames] = [oracle.mask.length, oracle.mask[0]!.length];
  const most = 12; // the method's own for these spans
  const choices = new Float32Array(n * most * most).fill(NEVER);
  for (const [sample, places] of hidden.entries()) {
    for (let i = 0; i < most; i += 1) {
      const row = choices.subarray((sample * most + i) * most, (sample * most + i + 1) * most);
      const drawn = i < places.length ? oracle.negatives[sample]![places[i]!]! : [];
      for (const [j, place] of places.entries()) {
        const often = drawn.filter((negative) => negative === place).length;
        if (often > 0) row[j] = Math.log(often);
      }
      row[i] = 0;
    }
  }
  const { mask, places, counted } = hiddenPlaces(hidden, { frames, most });
  const codes = oracle.noise.shape[2]! * oracle.noise.shape[3]!;
  const at = places.arraySync();
  const noise = at.map((row, sample) =>
    row.map((place) =>
      oracle.noise.values.slice((sample * frames + place) * codes, (sample * frames + place + 1) * codes),
    ),
  );
  return {
    waves: restored(oracle.waves),
    mask,
    places,
    counted,
    choices: tensor3d(choices, [n, most, most]),
    noise: tensor3d(noise),
  };
}

/** Hugging Face's names in ours: the masks' embedding is learned beside the encoder. */
function ours(name: string): string {
  if (name === "wav2vec2.masked_spec_embed") return "mask.masked_spec_embed";
  return name.replace(/^wav2vec2\./, "encoder.");
}

interface Part {
  loss: number;
  codes: number;
  hidden: number;
}

interface Oracle {
  config: Record<string, unknown>;
  pretraining: Record<string, number>;
  temperature: number;
  weights: Record<string, Stored>;
  waves: Stored;
  mask: number[][];
  noise: Stored;
  negatives: number[][][];
  contrastive: number;
  accuracy: number;
  diversity: number;
  penalty: number;
  loss: number;
  gradients: Record<string, Stored>;
}
