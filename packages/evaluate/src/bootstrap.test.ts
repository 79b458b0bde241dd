import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { bootstrapInterval } from "./bootstrap.js";
import { oracle } from "./testing/oracle.js";

type Interval = [number, number];
const expected = oracle<{
  correct: number[];
  interval: Interval;
  grouped: number[];
  groups: number[];
  groupedInterval: Interval;
}>("bootstrap");

const expectNear = (interval: Interval, wanted: Interval, tolerance: number) => {
  for (const end of [0, 1] as const) expect(Math.abs(interval[end] - wanted[end])).toBeLessThan(tolerance);
};

describe("bootstrapInterval", () => {
  it("comes near NumPy's 200,000 resamples", () => {
    expectNear(bootstrapInterval(expected.correct, createRandom(0)), expected.interval, 0.01);
  });

  it("draws whole groups, which is wider", () => {
    const interval = bootstrapInterval(expected.grouped, createRandom(0), { groups: expected.groups });
    expectNear(interval, expected.groupedInterval, 0.035);
    const alone = bootstrapInterval(expected.grouped, createRandom(0));
    expect(interval[1] - interval[0]).toBeGreaterThan(2 * (alone[1] - alone[0]));
  });

  it("is a point where every example is right", () => {
    expect(bootstrapInterval([true, true, true], createRandom(0))).toEqual([1, 1]);
  });

  it("is the same for the same seed", () => {
    const twice = [0, 0].map((seed) => bootstrapInterval(expected.correct, createRandom(seed)));
    expect(twice[0]).toEqual(twice[1]);
  });

  it("refuses nothing, and groups of another length", () => {
    expect(() => bootstrapInterval([], createRandom(0))).toThrow("got none");
    expect(() => bootstrapInterval([1], createRandom(0), { groups: [1, 2] })).toThrow("1 examples and 2 groups");
  });
});
