import { gradientsOf } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { type Tensor3D, type Tensor4D, tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, readOracle } from "../testing/oracle.js";
import { focalLoss, placeLoss } from "./centre-loss.js";
import { centreTargets, gaussianRadius } from "./centre-targets.js";
import { decodeCentres } from "./decode-centres.js";

/** By a transcription of CenterNet to PyTorch: tools/oracles/dense_oracles.py */
const oracle = readOracle("centres");
beforeAll(useTestBackend);

const object = (box: readonly [number, number, number, number], label: number, isCrowd = false) => ({
  box,
  label,
  area: box[2] * box[3],
  isCrowd,
});

describe("the losses", () => {
  it("are CenterNet's, and the gradient of the focal one too", () => {
    tidy(() => {
      const [n, side, , classes] = oracle.shape as [number, number, number, number];
      const of = (name: string, channels: number) => tensor(oracle[name], [n, side, side, channels]) as Tensor4D;
      const scores = variable(of("scores", classes));
      const { loss, gradients } = gradientsOf(() => focalLoss(scores as Tensor4D, of("heat", classes)), { scores });
      expectClose(loss, [oracle.focal], 1e-5);
      expectClose(gradients.scores!, oracle.gradient, 1e-5);
      const centre = tensor(oracle.centre, [n, side, side]) as Tensor3D;
      expectClose(placeLoss(of("places", 4), of("told", 4), centre), [oracle.place], 1e-5);
    });
  });

  it("of images without any object are finite", () => {
    tidy(() => {
      const none = tensor(new Float32Array(8), [1, 2, 2, 2]) as Tensor4D;
      // 8 cells at ½: each −(½)² log ½
      expectClose(focalLoss(none, none), [8 * 0.25 * Math.log(2)], 1e-5);
      const shapes = tensor(new Float32Array(16), [1, 2, 2, 4]) as Tensor4D;
      expectClose(placeLoss(shapes, shapes, tensor(new Float32Array(4), [1, 2, 2]) as Tensor3D), [0], 0);
    });
  });
});

describe("centreTargets", () => {
  it("has CornerNet's radius", () => {
    for (const [height, width, radius] of oracle.radii) expect(gaussianRadius(height, width)).toBeCloseTo(radius, 9);
  });

  it("puts a 1 at each centre, its size and offset beside it; crowds say nothing; the smaller of two in one cell stays", () => {
    const original = { width: 80, height: 40 };
    const boxes = [object([10, 10, 20, 10], 1), object([18, 14, 4, 3], 0), object([60, 0, 10, 10], 0, true)];
    const { heat, places, isCentre } = centreTargets({ boxes, original }, { side: 8, classes: 2 });
    // Both centres, (20, 15) and (20, 15.5), lie in column 2 of 10 pixels and row 3 of 5.
    const place = 3 * 8 + 2;
    expect(isCentre.reduce((a, b) => a + b)).toBe(1);
    expect([heat[2 * place], heat[2 * place + 1]]).toEqual([1, 1]);
    [0.4, 0.6, 0, 0.1].forEach((value, i) => {
      expect(places[4 * place + i]).toBeCloseTo(value, 6);
    });
    expect(heat.filter((value) => value === 1)).toHaveLength(2);
  });

  it("comes back from the targets by decoding them", () => {
    const original = { width: 64, height: 32 };
    const boxes = [object([8, 4, 17, 9], 0), object([40, 10, 12, 20], 1)];
    const side = 16;
    const { heat, places } = centreTargets({ boxes, original }, { side, classes: 2 });
    const found = decodeCentres({ heat, places, side, classes: 2 }, original).filter(({ score }) => score > 0.99);
    expect(found.map(({ label }) => label)).toEqual([0, 1]);
    for (const [n, { box }] of found.entries())
      for (const [i, value] of box.entries()) expect(value).toBeCloseTo(boxes[n]!.box[i]!, 4);
  });
});

it("a centre is as high as its neighbours, by falling score, and its box ends at the image's border", () => {
  const heat = [0.2, 0.9, 0.1, 0.1, 0.3, 0.1, 0.6, 0.1, 0.5];
  const places = Float32Array.from({ length: 36 }, (_, i) => [4, 1, 0.5, 0.5][i % 4]!);
  const found = decodeCentres({ heat, places, side: 3, classes: 1 }, { width: 30, height: 30 });
  expect(found.map(({ score }) => score)).toEqual([0.9, 0.6, 0.5]);
  expect(found[0]!.box).toEqual([0, 0, 30, 10]);
});

it("what has no width or height is no box", () => {
  const heat = Float32Array.of(0.9, 0, 0, 0, 0, 0, 0, 0, 0.8);
  const places = new Float32Array(9 * 4);
  places.set([0, 1, 0.5, 0.5], 0); // the surest centre has no width
  places.set([1, 1, 0.5, 0.5], 4 * 8);
  const found = decodeCentres({ heat, places, side: 3, classes: 1 }, { height: 30, width: 30 });
  expect(found.map(({ box }) => box)).toEqual([[20, 20, 10, 10]]);
});
