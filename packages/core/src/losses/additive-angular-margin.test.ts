import { eye, type Tensor1D, type Tensor2D, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { type AdditiveAngularMarginOptions, additiveAngularMargin } from "./additive-angular-margin.js";

beforeAll(useTestBackend);

const label = (value: number) => tensor1d([value], "int32");

test("by hand: at 60° with a margin of 30°, the right class has cos 90°", () => {
  const row = tensor2d([[0.5, Math.sqrt(3) / 2]]); // 60° from class 0, 30° from class 1
  const loss = additiveAngularMargin(row, eye(2), label(0), { margin: Math.PI / 6, scale: 2 });
  expect(loss.dataSync()[0]).toBeCloseTo(Math.log(1 + Math.exp(2 * (Math.sqrt(3) / 2 - 0))), 5);
});

test("the further the worse, up to the far side, where θ + m is beyond π", () => {
  const losses = Array.from({ length: 19 }, (_, i) => {
    const angle = (i * 10 * Math.PI) / 180;
    const row = tensor2d([[Math.cos(angle), Math.sin(angle), 0]]);
    const away = tensor2d([[1, 0, 0], [0, 0, 1]]); // biome-ignore format: rows
    return additiveAngularMargin(row, away, label(0), { margin: 0.5, scale: 3 }).dataSync()[0]!;
  });
  for (const [i, loss] of losses.slice(1).entries()) expect(loss).toBeGreaterThan(losses[i]!);
});

onEachEngine(() => {
  for (const expected of readOracle<LossCase<AdditiveAngularMarginOptions>>("additive-angular-margin")) {
    test(`as PyTorch: ${expected.name}`, () => {
      expectLossAsPyTorch(
        ({ embeddings, classes, labels }) =>
          additiveAngularMargin(embeddings as Tensor2D, classes as Tensor2D, labels as Tensor1D, expected.options),
        expected,
      );
    });
  }
});

test("what does not fit is refused", () => {
  expect(() => additiveAngularMargin(zeros([1, 3]), eye(2), label(0))).toThrow("got [1,3] and [2,2]");
  expect(() => additiveAngularMargin(zeros([1, 2]), eye(2), label(0), { margin: 4 })).toThrow("from 0 to π");
});
