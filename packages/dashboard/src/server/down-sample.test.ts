import fc from "fast-check";
import { expect, it } from "vitest";
import { downSample } from "./down-sample.js";

const curve = (values: readonly number[]) => ({ steps: values.map((_, place) => 10 * place), values });

it("keeps the lowest and the highest of each stretch", () => {
  // two stretches: 1 5 2 3 and 9 0 4 4
  expect(downSample(curve([1, 5, 2, 3, 9, 0, 4, 4]), 4)).toEqual({ steps: [0, 10, 40, 50], values: [1, 5, 9, 0] });
  expect(downSample(curve([2, 2, 2, 2]), 2)).toEqual({ steps: [0], values: [2] });
});

it("keeps one that is no number", () => {
  expect(downSample(curve([1, Number.NaN, 3, Number.NaN, 2, 0]), 3)).toEqual({
    steps: [10, 20, 50],
    values: [Number.NaN, 3, 0],
  });
});

it("is short, in order, and loses no extreme", () => {
  const value = fc.oneof({ weight: 9, arbitrary: fc.integer() }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), fc.integer({ min: 3, max: 100 }), (values, most) => {
      const { steps, values: kept } = downSample(curve(values), most);
      expect(kept.length).toBeLessThanOrEqual(most);
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
      const finite = (all: readonly number[]) => all.filter((own) => !Number.isNaN(own));
      expect(Math.max(...finite(kept))).toBe(Math.max(...finite(values)));
      expect(Math.min(...finite(kept))).toBe(Math.min(...finite(values)));
      expect(kept.some(Number.isNaN)).toBe(values.some(Number.isNaN));
    }),
  );
});
