import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, imagesOf, readOracle } from "../testing/oracle.js";
import { drawBoxes, resizedCrop } from "./resized-crop.js";

const { crop } = readOracle("augment");

beforeAll(useTestBackend);

describe("resizedCrop", () => {
  it("returns the image for the whole box, its mirror for the box reversed", () => {
    const images = tensor4d([0, 51, 102, 255], [1, 2, 2, 1], "int32");
    expectClose(resizedCrop(images, tensor2d([[0, 0, 1, 1]]), 2), [0, 0.2, 0.4, 1], 1e-6);
    expectClose(resizedCrop(images, tensor2d([[0, 1, 1, 0]]), 2), [0.2, 0, 1, 0.4], 1e-6);
  });

  it("enlarges as grid_sample at half-pixel centres", () => {
    expectClose(
      resizedCrop(imagesOf(crop.enlarged), tensor2d(crop.enlarged.boxes), crop.enlarged.size),
      crop.enlarged.planes,
      1e-5,
    );
  });

  it("shrinks as torchvision's anti-aliased resize", () => {
    expectClose(
      resizedCrop(imagesOf(crop.shrunk), tensor2d([[0, 0, 1, 1]]), crop.shrunk.size),
      crop.shrunk.planes,
      1e-5,
    );
  });
});

describe("drawBoxes", () => {
  it("keeps within the image, the area and the aspect", async () => {
    const chances = { cropArea: [0.2, 0.5], cropRatio: [3 / 4, 4 / 3], flip: 0.5 } as const;
    const boxes = (await drawBoxes(2000, createRandom(1), chances).array()) as [number, number, number, number][];
    let mirrored = 0;
    let areas = 0;
    for (const [top, left, bottom, right] of boxes) {
      if (left > right) mirrored += 1;
      const [height, width] = [bottom - top, Math.abs(right - left)];
      areas += height * width;
      expect(Math.min(top, left, right)).toBeGreaterThanOrEqual(0);
      expect(Math.max(bottom, left, right)).toBeLessThanOrEqual(1 + 1e-6);
      expect(height * width).toBeGreaterThan(0.2 - 1e-5);
      expect(height * width).toBeLessThan(0.5 + 1e-5);
      expect(width / height).toBeGreaterThan(3 / 4 - 1e-4);
      expect(width / height).toBeLessThan(4 / 3 + 1e-4);
    }
    expect(mirrored / 2000).toBeCloseTo(0.5, 1);
    expect(areas / 2000).toBeCloseTo(0.35, 2);
  });

  it("falls back to the largest crop with an allowed aspect", async () => {
    const wide = { cropArea: [1, 1], cropRatio: [2, 2], flip: 0 } as const;
    const boxes = (await drawBoxes(3, createRandom(1), wide).array()) as [number, number, number, number][];
    for (const [top, left, bottom, right] of boxes) {
      expect(bottom - top).toBeCloseTo(0.5, 6);
      expect(right - left).toBeCloseTo(1, 6);
    }
  });
});
