import fc from "fast-check";
import { expect, it } from "vitest";
import { alignCurves, type Curves, extentOf, mergeMetrics, thin } from "./metric-curves.js";

const view = (steps: number[], values: (number | null)[], restarted = false) => ({
  cursor: "",
  restarted,
  series: [{ name: "loss", steps, values }],
});

const none: Curves = new Map();

it("appends what was written since", () => {
  const first = mergeMetrics(none, view([1, 2], [4, 3]));
  const curves = mergeMetrics(first, view([3], [2]));
  expect(curves.get("loss")).toEqual({ steps: [1, 2, 3], values: [4, 3, 2] });
  expect(first.get("loss")!.steps).toEqual([1, 2]); // what was drawn is not changed
});

it("keeps what is held when nothing came", () => {
  const held = mergeMetrics(none, view([1], [4]));
  expect(mergeMetrics(held, { cursor: "", restarted: false, series: [] })).toEqual(held);
  expect(mergeMetrics(held, view([], []))).toEqual(held);
});

it("throws away what was drawn of a run that was begun anew", () => {
  const held = mergeMetrics(none, view([1, 2], [4, 3]));
  expect(mergeMetrics(held, view([1], [9], true)).get("loss")).toEqual({ steps: [1], values: [9] });
});

it("lets the newer of two steps hold, where a run went back to a checkpoint", () => {
  const held = mergeMetrics(none, view([1, 2, 3, 4], [4, 3, 2, 1]));
  expect(mergeMetrics(held, view([3, 4], [7, 6])).get("loss")).toEqual({ steps: [1, 2, 3, 4], values: [4, 3, 7, 6] });
});

it("bounds what is held, and loses no spike", () => {
  const steps = Array.from({ length: 10_000 }, (_, step) => step);
  const values = steps.map((step) => (step === 4321 ? 99 : 1 / (step + 1)));
  const { steps: kept, values: seen } = mergeMetrics(none, view(steps, values)).get("loss")!;
  expect(kept.length).toBeLessThanOrEqual(2000);
  expect(seen[kept.indexOf(4321)]).toBe(99);
  expect([kept[0], kept.at(-1)]).toEqual([0, 9999]);
});

it("thins to the smallest and the largest of each stretch", () => {
  const curve = { steps: [0, 1, 2, 3, 4, 5, 6, 7], values: [5, 1, 9, 5, null, 2, 8, 3] };
  expect(thin(curve, 5)).toEqual({ steps: [1, 2, 5, 6, 7], values: [1, 9, 2, 8, 3] });
  expect(thin(curve, 8)).toBe(curve);
  expect(thin({ steps: [0, 1, 2], values: [null, null, null] }, 2).values).toEqual([null, null]);
});

it("keeps extent, order and bound whatever is thinned", () => {
  const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 3, max: 50 }), (all, most) => {
      const { steps, values: kept } = thin({ steps: all.map((_, step) => step), values: all }, most);
      expect(steps.length).toBeLessThanOrEqual(Math.max(most, 3));
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      expect(extentOf(kept)).toEqual(extentOf(all));
    }),
  );
});

it("puts curves over one axis", () => {
  const aligned = alignCurves([
    { steps: [1, 3], values: [10, null] },
    { steps: [2, 3], values: [20, 30] },
  ]);
  expect(aligned).toEqual([
    [1, 2, 3],
    [10, undefined, null],
    [undefined, 20, 30],
  ]);
});

it("knows no extent of nothing", () => {
  expect(extentOf([])).toBeNull();
  expect(extentOf([null, Number.NaN])).toBeNull();
  expect(extentOf([3, null, -1])).toEqual([-1, 3]);
});
