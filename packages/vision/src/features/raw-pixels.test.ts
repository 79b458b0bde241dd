import { describe, expect, it } from "vitest";
import type { Image } from "../image.js";
import { rawPixels } from "./raw-pixels.js";

describe("rawPixels", () => {
  const image = (size: number, value: (x: number, y: number) => number): Image => ({
    id: "",
    pixels: Uint8Array.from({ length: size * size }, (_, i) => value(i % size, Math.floor(i / size))),
    height: size,
    width: size,
    channels: 1,
  });

  it("are the bytes from 0 to 1", () => {
    const { values, count, size } = rawPixels([image(2, (x, y) => 51 * (x + 2 * y))]);
    expect([count, size]).toEqual([1, 4]);
    [0, 0.2, 0.4, 0.6].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 6);
    });
  });

  it("are averaged down to at most 32 by 32: halves of 64 pixels by twos", () => {
    const { values, size } = rawPixels([image(64, (x) => (x < 32 ? 255 : x % 2 === 0 ? 102 : 0))]);
    expect(size).toBe(32 * 32);
    expect([values[0], values[15], values[16], values[31]].map((v) => Number(v!.toFixed(5)))).toEqual([1, 1, 0.2, 0.2]);
  });

  it("are of nothing refused", () => {
    expect(() => rawPixels([])).toThrow("at least one image");
  });
});
