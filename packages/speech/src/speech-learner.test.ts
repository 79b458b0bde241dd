import { adamW, createRandom, namedVariables } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { onesLike, zerosLike } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { frameTransformer } from "./encoders/frame-transformer.js";
import { encoderFrontEnd } from "./features/log-mel.js";
import { maskedFrames } from "./masked-frames.js";
import { speechLearner } from "./speech-learner.js";
import { voices } from "./testing/voices.js";

beforeAll(useTestBackend);

const sounds = voices(4, 2);
const dataset = { length: sounds.length, get: async (index: number) => sounds[index]! };

function learner() {
  const random = createRandom(1);
  const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 10 });
  const encoder = frameTransformer({ frontEnd, width: 8, layers: 1, random });
  const method = maskedFrames(encoder, random, { cropSeconds: 0.2 });
  const optimizer = adamW(namedVariables(method.learned, "parameters"));
  const made = { optimizer, learningRate: () => 1e-3, steps: 1, batchSize: 4, cropSeconds: 0.2, random };
  return { encoder, learner: speechLearner(method as never, dataset, made as never) };
}

it("tells the spread, the method's own numbers and a picture; an encoder of frames is alarming only where its spread falls", async () => {
  const { encoder, learner: own } = learner();
  const seen = (await own.watch({ isLast: false }))!;
  expect(Object.keys(seen.metrics)).toEqual(["effectiveRank", "embeddingStandardDeviation", "explained", "error"]);
  expect(seen.shown).toMatch(/^rank \d+\.\d, explained -?\d\.\d{3}$/);
  expect(seen.picture?.width).toBeGreaterThan(0);
  expect(seen.alarm).toBeUndefined();
  const { "norm.weight": scale, "norm.bias": bias } = encoder.parameters;
  scale!.assign(zerosLike(scale!)); // all recordings become the norm's bias
  bias!.assign(onesLike(bias!));
  expect((await own.watch({ isLast: false }))!.alarm).toContain("all recordings sound alike");
  await own.dispose();
});
