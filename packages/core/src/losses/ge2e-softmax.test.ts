import { scalar, type Tensor3D, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { ge2eScores, ge2eSoftmax } from "./ge2e-softmax.js";

beforeAll(useTestBackend);

test("by hand: an utterance is compared with its speaker's other one, not with itself", () => {
  const embeddings = tensor3d([[[1, 0], [0, 1]], [[0, 3], [0, 1]]]); // biome-ignore format: speakers
  const { logits, speakers } = ge2eScores(embeddings, scalar(1));
  const half = Math.SQRT1_2;
  // (1, 0) and (0, 1) of the first speaker are orthogonal: 0 with each other, where the centre of both would give 0.71.
  const expected = [0, 0, 0, 1, half, 1, half, 1];
  for (const [i, cosine] of expected.entries()) expect(logits.dataSync()[i]).toBeCloseTo(cosine, 5);
  expect([...speakers.dataSync()]).toEqual([0, 0, 1, 1]);
  const at = (own: number, other: number) => Math.log(1 + Math.exp(other - own));
  const mean = (at(0, 0) + at(0, 1) + 2 * at(1, half)) / 4;
  expect(ge2eSoftmax(embeddings, scalar(1)).dataSync()[0]).toBeCloseTo(mean, 5);
});

onEachEngine(() => {
  for (const expected of readOracle<LossCase<object>>("ge2e-softmax")) {
    test(`as PyTorch, whose offset cancels: ${expected.name}`, () => {
      expectLossAsPyTorch(({ embeddings, scale }) => ge2eSoftmax(embeddings as Tensor3D, scale!), expected);
    });
  }
});

test("one utterance a speaker is refused", () => {
  expect(() => ge2eSoftmax(zeros([4, 1, 2]), scalar(1))).toThrow("at least 2 utterances of each speaker, got [4,1,2]");
});
