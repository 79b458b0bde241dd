import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Sound } from "../sound.js";
import { smallSpeakerEncoder } from "../testing/small-speaker-encoder.js";
import { voices } from "../testing/voices.js";
import { speakerEmbeddings } from "./speaker-embeddings.js";
import { verify } from "./verify.js";

beforeAll(useTestBackend);

const encoder = smallSpeakerEncoder(createRandom(1));
const sampleRate = 8000;
const row = ({ values, size }: { values: Float32Array; size: number }, n: number) => [
  ...values.subarray(n * size, (n + 1) * size),
];
const direction = (values: readonly number[]) => values.map((value) => value / Math.hypot(...values));
const ofWave = (samples: Float32Array) => direction([...encoder(tensor2d(samples, [1, samples.length])).dataSync()]);
const expectRow = (actual: readonly number[], expected: readonly number[]) => {
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 4);
};

describe("speakerEmbeddings", () => {
  it("are directions of whole recordings, whatever else is in the batch and whatever ran before", async () => {
    const [one, other] = voices(2, 1);
    const exact = { ...one!, samples: one!.samples.slice(0, encoder.shortest) }; // a length that is kept
    const extract = speakerEmbeddings(encoder, { batchSize: 2 });
    const alone = await extract([exact]);
    expectRow(row(alone, 0), ofWave(exact.samples));
    expect(Math.hypot(...row(alone, 0))).toBeCloseTo(1, 5);
    const together = await extract([other!, exact, other!]);
    expect(together.count).toBe(3);
    expectRow(row(together, 1), row(alone, 0));
    expectRow(row(together, 2), row(together, 0));
    extract.dispose();
  });

  it("of a long recording are the mean direction of evenly spaced crops", async () => {
    const [voice] = voices(1, 1, { seconds: 0.5 });
    const length = encoder.shortest; // a length that is kept
    const extract = speakerEmbeddings(encoder, {
      batchSize: 3,
      wholeSeconds: 0.2,
      crops: 3,
      cropSeconds: length / sampleRate,
    });
    const found = row(await extract([voice!]), 0);
    const spare = voice!.samples.length - length;
    const crops = [0, Math.round(spare / 2), spare].map((start) => ofWave(voice!.samples.slice(start, start + length)));
    expectRow(found, direction(crops[0]!.map((_, i) => crops.reduce((sum, crop) => sum + crop[i]!, 0))));
    extract.dispose();
  });

  it("tell how many recordings are done", async () => {
    const told: number[] = [];
    const extract = speakerEmbeddings(encoder, { batchSize: 1, wholeSeconds: 0.1, crops: 2, cropSeconds: 0.1 });
    await extract(voices(2, 1), { onProgress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(2);
    extract.dispose();
  });

  it("say what an impossible option must be", () => {
    expect(() => speakerEmbeddings(encoder, { crops: 0 })).toThrow("crops must be a whole number above 0, got 0");
    expect(() => speakerEmbeddings(encoder, { wholeSeconds: 2 })).toThrow("wholeSeconds at least as much, got 4 and 2");
  });
});

describe("verify", () => {
  const [one, other] = voices(2, 1) as [Sound, Sound];

  it("scores by cosine, and decides by the threshold", async () => {
    const { score, isSame } = await verify(encoder, one, one, 0.99);
    expect(score).toBeCloseTo(1, 4);
    expect(isSame).toBe(true);
    const verdict = await verify(encoder, one, other, 0.5);
    expect(verdict.score).toBeLessThan(0.9999);
    expect(verdict).toEqual({ ...verdict, isSame: verdict.score >= 0.5, threshold: 0.5 });
    const strict = await verify(encoder, one, other, verdict.score + 1e-3);
    expect(strict.isSame).toBe(false);
    await expect(verify(encoder, one, other, Number.NaN)).rejects.toThrow("threshold must be a number");
  });

  it("refuses silence by name, on either side: two silences are alike", async () => {
    const silence = { id: "quiet.wav", samples: new Float32Array(4000), sampleRate };
    const faint = { ...silence, id: "faint.wav", samples: createRandom(1).normals(4000, 0, 1e-5) };
    await expect(verify(encoder, silence, silence, 0.5)).rejects.toThrow(
      "quiet.wav is silent: nothing in it lies above",
    );
    await expect(verify(encoder, one, faint, 0.5)).rejects.toThrow("faint.wav is silent");
  });

  it("does the same by each engine", async () => {
    const scores: number[] = [];
    for (const engine of [{ engine: "cpu" }, { engine: "onnx" }] as const) {
      await chooseEngine(engine);
      scores.push((await verify(smallSpeakerEncoder(createRandom(1)), one, other, 0)).score);
    }
    await useTestBackend();
    expect(scores[1]).toBeCloseTo(scores[0]!, 3);
  });
});
