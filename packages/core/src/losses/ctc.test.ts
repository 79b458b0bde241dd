import {
  mul,
  sum,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { compileStep } from "../engine/compile-step.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectClose, expectLossAsPyTorch, type LossCase, readOracle, restored } from "../testing/oracle.js";
import { ctcFramesNeeded, ctcLoss, ctcPossible } from "./ctc.js";

beforeAll(useTestBackend);

const vector = (...values: number[]) => tensor1d(values, "int32");
const labelled = (labels: number[][], frames: number[]) => ({
  labels: tensor2d(labels, undefined, "int32"),
  lengths: vector(...labels.map(({ length }) => length)),
  frames: vector(...frames),
});

test("by hand: of two even frames and one label, 3 of 4 paths say it: ln 4/3 = 0.2877", () => {
  const loss = ctcLoss(zeros([1, 2, 2]), labelled([[1]], [2])); // a␣, ␣a, aa; not ␣␣
  expect(loss.dataSync()[0]).toBeCloseTo(Math.log(4 / 3), 6);
});

interface CtcCase extends LossCase<object> {
  readonly losses: number[];
}

onEachEngine(() => {
  for (const expected of readOracle<CtcCase>("ctc")) {
    test(`as PyTorch: ${expected.name}`, () => {
      expectLossAsPyTorch(({ logits, labels, lengths, frames, weights }) => {
        const given = { labels, lengths, frames } as { labels: Tensor2D; lengths: Tensor1D; frames: Tensor1D };
        const losses = ctcLoss(logits as Tensor3D, given);
        expectClose(losses, { shape: losses.shape, values: expected.losses }, "losses");
        return sum(mul(losses, weights!));
      }, expected);
    });
  }

  test("labels that do not fit their frames are infinitely wrong, never 0", () => {
    const losses = ctcLoss(zeros([2, 3, 3]), {
      ...labelled(
        [
          [1, 1],
          [1, 2],
        ],
        [2, 2],
      ),
    });
    expect([...losses.dataSync()].map(Number.isFinite)).toEqual([false, true]);
  });
});

it("is one graph of a compiled step, the same at another batch of its shapes", async () => {
  const step = compileStep((batch: { logits: Tensor3D; labels: Tensor2D; lengths: Tensor1D; frames: Tensor1D }) => ({
    losses: ctcLoss(batch.logits, batch),
  }));
  for (const { inputs, losses } of readOracle<CtcCase>("ctc").filter(({ name }) => name === "different lengths")) {
    for (const _ of ["traced", "replayed"]) {
      const { weights, ...batch } = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [name, restored(value)]),
      );
      const made = await step(batch as never);
      expectClose(made.losses, { shape: [4], values: losses }, "losses");
    }
  }
  step.dispose();
});

describe("ctcPossible", () => {
  it("counts a blank between two labels that are alike", () => {
    expect([[], [1], [1, 2], [1, 1], [1, 1, 1], [1, 2, 1]].map(ctcFramesNeeded)).toEqual([0, 1, 2, 3, 5, 3]);
    expect(ctcPossible(2, [1, 1])).toBe(false);
    expect(ctcPossible(3, [1, 1])).toBe(true);
  });
});

it("refuses shapes and types that do not fit", () => {
  const fitting = labelled([[1]], [2]);
  expect(() => ctcLoss(zeros([2, 2, 2]), fitting)).toThrow(
    "logits must be [N, F, V], labels [N, L], lengths and frames [N], got [2,2,2], [1,1]",
  );
  expect(() => ctcLoss(zeros([1, 401, 2]), fitting)).toThrow("there may be 400 frames at most, got 401"); // on the CPU backend
  expect(() => ctcLoss(zeros([1, 2, 2]), { ...fitting, frames: tensor1d([2]) })).toThrow("must be int32, got float32");
  expect(() => ctcLoss(zeros([1, 2, 2]), { ...fitting, labels: zeros([1, 0], "int32") })).toThrow(
    "Pad empty labels to one place.",
  );
});
