import { scalar, type Tensor1D, type Tensor2D, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { ge2eScores, ge2eSoftmax } from "./ge2e-softmax.js";

beforeAll(useTestBackend);

test("by hand: an utterance is compared with its speaker's other one, not with itself", () => {
  const embeddings = tensor2d([[1, 0], [0, 1], [0, 3], [0, 1]]); // biome-ignore format: rows
  const speakers = tensor1d([0, 0, 1, 1], "int32");
  const { logits, counts } = ge2eScores(embeddings, speakers, scalar(1));
  const half = Math.SQRT1_2;
  // (1, 0) and (0, 1) of the first speaker are orthogonal: 0 with each other, where the centre of both would give 0.71.
  const expected = [[0, 0], [0, 1], [half, 1], [half, 1]]; // biome-ignore format: rows
  for (const [row, cosines] of expected.entries())
    for (const [column, cosine] of cosines.entries())
      expect(logits.dataSync()[4 * row + column]).toBeCloseTo(cosine, 5);
  expect([...counts.dataSync()]).toEqual([1, 1, 1, 1]);
  const at = (own: number, other: number) => Math.log(1 + Math.exp(other - own));
  const mean = (at(0, 0) + at(0, 1) + 2 * at(1, half)) / 4;
  expect(ge2eSoftmax(embeddings, speakers, scalar(1)).dataSync()[0]).toBeCloseTo(mean, 5);
});

test("where every speaker is heard once, nobody is judged", () => {
  expect(ge2eSoftmax(tensor2d([[1, 2], [3, 1]]), tensor1d([1, 0], "int32"), scalar(1)).dataSync()[0]).toBe(0); // biome-ignore format: rows
});

onEachEngine(() => {
  for (const expected of readOracle<LossCase<object>>("ge2e-softmax")) {
    test(`as PyTorch, whose offset cancels: ${expected.name}`, () => {
      expectLossAsPyTorch(
        ({ embeddings, speakers, scale }) => ge2eSoftmax(embeddings as Tensor2D, speakers as Tensor1D, scale!),
        expected,
      );
    });
  }
});

test("an utterance without its speaker is refused", () => {
  expect(() => ge2eSoftmax(zeros([4, 2]), tensor1d([0, 1, 1], "int32"), scalar(1))).toThrow("got [4,2] and int32 [3]");
});
