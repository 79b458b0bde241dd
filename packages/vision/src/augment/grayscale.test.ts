import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor4d, transpose } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, imagesOf, planesOf, readOracle } from "../testing/oracle.js";
import { drawGray, grayscale } from "./grayscale.js";

const oracle = readOracle("augment").grayscale;

beforeAll(useTestBackend);

describe("grayscale", () => {
  it("weighs red, green and blue", () => {
    const images = tensor4d([255, 0, 0, 0, 255, 51], [1, 1, 2, 3], "int32");
    const green = 0.587 + 0.2 * 0.114;
    expectClose(
      grayscale(images, drawGray(1, createRandom(1), 1)),
      [0.2989, 0.2989, 0.2989, green, green, green],
      1e-6,
    );
    expectClose(grayscale(images, drawGray(1, createRandom(1), 0)), [1, 0, 0, 0, 1, 0.2], 1e-6);
  });

  it("matches torchvision on bytes and on floats", () => {
    const [n] = oracle.shape;
    const matrices = drawGray(n, createRandom(1), 1);
    expectClose(transpose(grayscale(imagesOf(oracle), matrices), [0, 3, 1, 2]), oracle.planes, 1e-5);
    const floats = transpose(planesOf(oracle), [0, 2, 3, 1]);
    expectClose(transpose(grayscale(floats, matrices), [0, 3, 1, 2]), oracle.planes, 1e-5);
  });

  it("says that gray images cannot lose their colours", () => {
    const gray = tensor4d([1, 2], [1, 1, 2, 1], "int32");
    expect(() => grayscale(gray, drawGray(1, createRandom(1), 1))).toThrow(
      "grayscale: images must be [N, H, W, C] and matrices [N, C, C], got [1,1,2,1] and [1,3,3]",
    );
  });

  it("draws the share that was asked for", async () => {
    const matrices = await drawGray(1000, createRandom(2), 0.2).array();
    expect(matrices.filter((matrix) => matrix[0]![0] !== 1).length / 1000).toBeCloseTo(0.2, 1);
  });
});
