import fc from "fast-check";
import { expect, it } from "vitest";
import { strongestFinder } from "./strongest.js";

it("keeps the greatest, of equals the earlier", () => {
  const found = strongestFinder(3)(Float32Array.of(9, 1, 5, 7, 5, 5, 9), 1, 6);
  expect([...found.indices].sort()).toEqual([1, 2, 3]); // 5, 7, 5 counted from the start of the range
});

it("agrees with a stable sort", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 }), fc.nat(), (list, pick) => {
      const k = 1 + (pick % list.length);
      const found = strongestFinder(k)(Float32Array.from(list), 0, list.length);
      const sorted = [...list.keys()].sort((a, b) => list[b]! - list[a]! || a - b).slice(0, k);
      expect([...found.indices].sort((a, b) => a - b)).toEqual(sorted.sort((a, b) => a - b));
      found.indices.forEach((index, i) => {
        expect(found.values[i]).toBe(list[index]);
      });
    }),
  );
});
