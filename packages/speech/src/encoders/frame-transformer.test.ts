import { createRandom, createRun, loader, namedVariables, sgd, train, twin, weightsHash } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { mean, randomNormal, square, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { encoderFrontEnd } from "../features/log-mel.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { tones } from "../testing/tones.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import {
  frameTransformer,
  frameTransformerBase,
  frameTransformerSmall,
  frameTransformerTiny,
} from "./frame-transformer.js";
import { loadSpeechEncoder } from "./load-speech-encoder.js";
import { saveSpeechEncoder } from "./speech-encoder-files.js";

const folder = useTemporaryFolder();
beforeAll(useTestBackend);

const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 6 });
const small = { frontEnd, width: 8, layers: 2, heads: 2 };
const encoderOf = (seed: number, more = {}) => frameTransformer({ ...small, ...more, random: createRandom(seed) });
const wavesOf = (samples: number): Tensor2D => randomNormal([2, samples], 0, 0.1, "float32", 1);
const sizeOf = (parameters: Record<string, { size: number }>) =>
  Object.values(parameters).reduce((sum, { size }) => sum + size, 0);

describe("frameTransformer", () => {
  test("any length gives its frames' states, and their mean as the embedding", () => {
    const encoder = encoderOf(1);
    tidy(() => {
      for (const samples of [200, 1000, 4321]) {
        const features = encoder.features(wavesOf(samples));
        expect(features.shape).toEqual([2, encoder.frames(samples), 6]);
        const states = encoder.states(features);
        expect(states.map(({ shape }) => shape)).toEqual(Array(3).fill([2, encoder.frames(samples), 8]));
        const last = states[2]!.arraySync();
        const embedding = (encoder(wavesOf(samples)) as Tensor2D).arraySync();
        for (const [n, frames] of last.entries()) {
          const mean = frames.reduce((sum, frame) => sum + frame[3]!, 0) / frames.length;
          expect(embedding[n]![3]).toBeCloseTo(mean, 5);
        }
      }
    });
  });

  test("stacked frames lie side by side; what is left over at the end is not heard", () => {
    const encoder = encoderOf(1, { stack: 3 });
    tidy(() => {
      const waves = wavesOf(200 + 10 * 80); // 11 frames
      const [plain, stacked] = [frontEnd(waves).arraySync(), encoder.features(waves).arraySync()];
      expect(encoder.bands).toBe(18);
      expect(stacked[1]).toHaveLength(3);
      expect(encoder.frames(1000)).toBe(3);
      expect(stacked[1]![2]).toEqual([6, 7, 8].flatMap((frame) => plain[1]![frame]!));
      expect(encoder.frames(encoder.shortest)).toBe(1);
      expect(encoder.frames(encoder.shortest - 1)).toBe(0);
    });
  });

  test("sizes are as told: 1, 5 and, as TERA-base, 21 million", () => {
    const usual = encoderFrontEnd({ sampleRate: 16000 });
    const millions = [frameTransformerTiny, frameTransformerSmall, frameTransformerBase].map((make) => {
      const encoder = make({ frontEnd: usual, random: createRandom(1) });
      const count = sizeOf(encoder.parameters) / 1e6;
      for (const variable of Object.values(encoder.parameters)) variable.dispose();
      return count;
    });
    expect(millions.map((count) => Math.round(count))).toEqual([1, 5, 21]);
  });

  test("its config makes it again, and a teacher starts from its weights", () => {
    for (const order of ["pre", "post"] as const) {
      const encoder = encoderOf(1, { order, stack: 2, dropout: 0.1 });
      const again = encoderFromConfig(JSON.parse(JSON.stringify(encoder.config)), createRandom(1));
      expect(again.config).toEqual(encoder.config);
      tidy(() => {
        const waves = wavesOf(1000);
        const expected = [...encoder(waves).dataSync()];
        expect([...again(waves).dataSync()]).toEqual(expected);
        expect([...twin(encoder)(waves).dataSync()]).toEqual(expected);
        expect([...encoder.again(createRandom(2))(waves).dataSync()]).not.toEqual(expected);
      });
    }
  });

  test("refuses sizes that cannot be", () => {
    expect(() => encoderOf(1, { heads: 3 })).toThrow("got 3 for 8");
    expect(() => encoderOf(1, { stack: 0 })).toThrow("stack must be a whole number above 0, got 0");
    expect(() => encoderOf(1, { order: "middle" })).toThrow('got "middle"');
    expect(() => encoderFromConfig({ model_type: "bert" }, createRandom(1))).toThrow('got "bert"');
  });
});

describe("loadSpeechEncoder", () => {
  test("reads a folder that saveSpeechEncoder wrote, and can begin anew", async () => {
    const encoder = encoderOf(3);
    await saveSpeechEncoder(encoder, folder.path("encoder"));
    const loaded = await loadSpeechEncoder(folder.path("encoder"));
    expect(loaded.weights).toBe(await weightsHash(encoder));
    expect(loaded.decoding).toEqual({ sampleRate: 8000 });
    expect([loaded.step, loaded.seed, loaded.config]).toEqual([0, 0, undefined]);
    const sounds = tones(2, { seconds: 0.1 });
    const { values } = await loaded.extractor()(sounds);
    const expected = tidy(() => [...encoder(tensor2d(sounds[0]!.samples.subarray(19, 781), [1, 762])).dataSync()]);
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);
    const untrained = await weightsHash(loaded.untrained(7));
    expect(untrained).toBe(await weightsHash(frameTransformer({ ...small, random: createRandom(7).split("encoder") })));
  });

  test("reads the last checkpoint of an unfinished run, whose seed gives the weights it began with", async () => {
    const run = await createRun(folder.path("run"), { method: "toy", steps: 9, seed: 5 });
    const encoder = frameTransformer({ ...small, random: createRandom(5).split("encoder") });
    const before = await weightsHash(encoder);
    const training = train({
      method: {
        name: "toy",
        encoder: encoder as never,
        learned: { encoder },
        draw: (samples: readonly Float32Array[]) => ({ waves: tensor2d(samples.map((wave) => [...wave])) }),
        loss: ({ waves }) => mean(square(encoder(waves))),
      },
      loader: loader(
        { length: 4, get: async (n) => tones(4, { seconds: 0.05 })[n]!.samples },
        { batchSize: 2, random: createRandom(1) },
      ),
      optimizer: sgd(namedVariables({ encoder }, "parameters")),
      learningRate: 0.1,
      steps: 9,
      random: createRandom(1),
    });
    await training.next();
    await run.checkpoints.save(await training.checkpoint());
    await training.return();
    training.dispose();
    await run.close();
    const loaded = await loadSpeechEncoder(folder.path("run"));
    expect([loaded.step, loaded.seed, loaded.config?.method]).toEqual([1, 5, "toy"]);
    expect(loaded.weights).toBe(await weightsHash(encoder));
    expect(await weightsHash(loaded.untrained())).toBe(before);
    expect(loaded.weights).not.toBe(before);
  });
});
