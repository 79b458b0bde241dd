import { type Tensor2D, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { type InfoNceOptions, infoNce } from "./info-nce.js";

beforeAll(useTestBackend);

test("by hand: a query on its key, two negatives at right angles, τ = 1, gives −log(e / (e + 2)) = 0.5514", () => {
  const query = tensor2d([[2, 0, 0]]); // its length does not matter
  const queue = tensor2d([
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(infoNce(query, query, queue, { temperature: 1 }).dataSync()[0]).toBeCloseTo(0.5514, 4);
});

onEachEngine(() => {
  for (const expected of readOracle<LossCase<InfoNceOptions>>("info-nce")) {
    test(`as PyTorch: ${expected.name}`, () => {
      expectLossAsPyTorch(
        ({ query, key, queue }) => infoNce(query as Tensor2D, key as Tensor2D, queue as Tensor2D, expected.options),
        expected,
      );
    });
  }
});

test("a queue of another width is refused", () => {
  expect(() => infoNce(zeros([2, 4]), zeros([2, 4]), zeros([8, 3]))).toThrow("got [2,4], [2,4] and [8,3]");
});
