import { describe, expect, it } from "vitest";
import { contactSheet, sampleForSheet } from "./contact-sheet.js";
import { THUMBNAIL } from "./image-look.js";

const plain = (value: number) => ({ pixels: new Uint8Array(3 * THUMBNAIL ** 2).fill(value) });
const times = <Value>(count: number, value: Value) => new Array<Value>(count).fill(value);

describe("contactSheet", () => {
  it("gives few classes rows of their own, apart: two classes, four rows each", () => {
    const { pixels, height, width } = contactSheet([times(40, plain(10)), times(9, plain(20))])!;
    const at = (y: number, x: number) => pixels[3 * (y * width + x)];
    expect(width).toBe(8 * 74 - 2);
    expect(height).toBe(4 * 74 - 2 + 10 + 2 * 74 - 2); // 32 of the first, 9 of the second in two rows
    expect([at(0, 0), at(71, 71), at(72, 0), at(0, 72), at(74, 74)]).toEqual([10, 10, 255, 255, 10]);
    expect([at(4 * 74 - 3, 0), at(4 * 74 - 2, 0), at(4 * 74 + 8, 0), at(5 * 74 + 8, 0), at(5 * 74 + 8, 74)]).toEqual([
      10, 255, 20, 20, 255,
    ]);
  });

  it("puts many classes into one grid, class after class", () => {
    const groups = Array.from({ length: 20 }, (_, group) => times(9, plain(group)));
    const { pixels, height, width } = contactSheet(groups)!;
    expect([height, width]).toEqual([8 * 74 - 2, 8 * 74 - 2]); // 3 of each class, 60 in all
    expect([0, 3, 6].map((column) => pixels[3 * 74 * column])).toEqual([0, 1, 2]);
    expect(pixels[3 * (7 * 74 * width + 3 * 74)]).toBe(19);
  });

  it("is none of nothing", () => {
    expect(contactSheet([[], []])).toBeUndefined();
  });
});

describe("sampleForSheet", () => {
  it("draws the same rows each time, twice as many as are shown", () => {
    const groups = [Array.from({ length: 500 }, (_, row) => row), Array.from({ length: 3 }, (_, row) => 500 + row)];
    const sample = sampleForSheet(groups);
    expect(sample.map(({ length }) => length)).toEqual([64, 3]);
    expect(new Set(sample[0]).size).toBe(64);
    expect(sample[0]!.some((row) => row > 250)).toBe(true);
    expect(sampleForSheet(groups)).toEqual(sample);
  });
});
