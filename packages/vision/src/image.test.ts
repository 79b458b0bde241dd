import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type Image, stackImages } from "./image.js";

beforeAll(useTestBackend);

const image = (id: string, pixels: number[], width: number): Image => {
  return { id, pixels: Uint8Array.from(pixels), height: 1, width, channels: 1 };
};

describe("stackImages", () => {
  it("puts images one after the other, bytes as they are", () => {
    const stacked = stackImages([image("a", [0, 255], 2), image("b", [7, 8], 2)]);
    expect([stacked.shape, stacked.dtype, [...stacked.dataSync()]]).toEqual([[2, 1, 2, 1], "int32", [0, 255, 7, 8]]);
  });

  it("names images that differ in size", () => {
    expect(() => stackImages([image("a.png", [1, 2], 2), image("b.png", [1], 1)])).toThrow(
      "stackImages: images of one batch must have one size, got 1×2×1 (a.png) and 1×1×1 (b.png). Set size and channels on the data set.",
    );
    expect(() => stackImages([])).toThrow("at least one image is needed");
  });
});
