import { expect, test } from "vitest";
import { paddedLength } from "./padded-length.js";

test("multiples of 32, or of an eighth of the maximum", () => {
  expect([1, 32, 33, 100, 128].map((longest) => paddedLength(longest, 128))).toEqual([32, 32, 64, 128, 128]);
  expect([0, 64, 65, 450, 512].map((longest) => paddedLength(longest, 512))).toEqual([64, 64, 128, 512, 512]);
  expect([1, 40, 50].map((longest) => paddedLength(longest, 50))).toEqual([32, 50, 50]);
  const shapes = new Set(Array.from({ length: 1024 }, (_, n) => paddedLength(n + 1, 1024)));
  expect(shapes.size).toBe(8);
  expect(() => paddedLength(129, 128)).toThrow("longest must be at most 128, got 129");
});
