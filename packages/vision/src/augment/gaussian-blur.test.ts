import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { matMul, reshape, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, planesOf, readOracle } from "../testing/oracle.js";
import { blurMatrices, blurRadius, drawBlur, gaussian } from "./gaussian-blur.js";

const { blur } = readOracle("augment");

beforeAll(useTestBackend);

describe("blurMatrices", () => {
  it("mirrors at the border without repeating it", () => {
    const rows = [0.5, 0.5, 0, 0.25, 0.5, 0.25, 0, 0.5, 0.5];
    expectClose(blurMatrices(tensor2d([[0.25, 0.5, 0.25]]), 3), rows, 1e-6);
  });

  it("blurs as torchvision's gaussian_blur", () => {
    const [n, size] = blur.shape;
    const kernels = (blur.sigmas as number[]).map((sigma) => gaussian(sigma, blur.radius));
    const matrices = blurMatrices(tensor2d(kernels), size);
    const images = reshape(planesOf(blur), [n, size, size]);
    expectClose(matMul(matMul(matrices, images), matrices, false, true), blur.planes, 1e-5);
  });
});

describe("drawBlur", () => {
  it("covers a tenth of the side", () => {
    expect([28, 32, 96, 224].map((size) => 2 * blurRadius(size) + 1)).toEqual([3, 3, 9, 23]);
  });

  it("leaves the other share sharp", async () => {
    const kernels = await drawBlur(500, createRandom(5), {
      blurProbability: 0.3,
      blurSigma: [0.5, 2],
      size: 32,
    }).array();
    expect(kernels.filter(([, middle]) => middle === 1).length / 500).toBeCloseTo(0.7, 1);
    for (const kernel of kernels) expect(kernel.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });
});
