import { describe, expect, it } from "vitest";
import { storedSize } from "./stored-size.js";

const photographs = { size: 96, channels: 3, originalSide: 375, sourceSize: 340 } as const; // ⌈96 / √0.08⌉ = 340

describe("storedSize", () => {
  it("is what the smallest crop wants, of what images have", () => {
    expect(storedSize({ ...photographs, length: 3000 })).toBe(340);
    expect(storedSize({ ...photographs, length: 3000, originalSide: 200 })).toBe(200);
  });

  it("lets all images fit into the cache: 10,000 of 189 × 189 × 3 bytes are 1.07 of 1.074 GB", () => {
    expect(storedSize({ ...photographs, length: 10_000 })).toBe(189);
    expect(storedSize({ ...photographs, length: 10_000, channels: 1 })).toBe(327);
    expect(storedSize({ ...photographs, length: 100_000 })).toBe(96); // they do not, at any side
  });

  it("leaves small images as they are", () => {
    expect(storedSize({ size: 32, channels: 3, length: 10_000, originalSide: 32, sourceSize: 114 })).toBe(32);
    expect(storedSize({ size: 32, channels: 3, length: 10_000, originalSide: 20, sourceSize: 114 })).toBe(32);
  });
});
