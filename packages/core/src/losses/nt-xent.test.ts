import { eye, type Tensor2D, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { ntXent } from "./nt-xent.js";

beforeAll(useTestBackend);

test("by hand: identical views of two orthogonal images, τ = 1, give −log(e / (e + 2)) = 0.5514", () => {
  expect(ntXent(eye(2), eye(2), 1).dataSync()[0]).toBeCloseTo(0.5514, 4);
});

test("the length of an embedding does not matter", () => {
  const longer = tensor2d([
    [3, 0],
    [0, 0.2],
  ]);
  expect(ntXent(longer, eye(2), 1).dataSync()[0]).toBeCloseTo(0.5514, 4);
});

onEachEngine(() => {
  for (const expected of readOracle<LossCase<{ temperature: number }>>("nt-xent")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { temperature } = expected.options;
      expectLossAsPyTorch(({ first, second }) => ntXent(first as Tensor2D, second as Tensor2D, temperature), expected);
    });
  }
});

test("views that are not pairs are refused", () => {
  expect(() => ntXent(zeros([256, 128]), zeros([255, 128]), 0.5)).toThrow(
    "ntXent: first and second must have the same shape [N, D], got [256,128] and [255,128]. Set dropLast on the loader.",
  );
});
