import { expect, it } from "vitest";
import type { Curves } from "../state/metric-curves.js";
import { orderedNames } from "./run-charts.js";

const having = (...names: string[]): Curves => new Map(names.map((name) => [name, { steps: [], values: [] }]));

it("shows first what tells whether a run goes well", () => {
  const run = having("step", "gradientNorm", "imagesPerSecond", "effectiveRank", "loss", "learningRate");
  expect(orderedNames([run])).toEqual({
    first: ["loss", "learningRate", "effectiveRank", "imagesPerSecond"],
    rest: ["gradientNorm"],
  });
});

it("shows what either of two runs has", () => {
  expect(orderedNames([having("loss", "entropy"), having("loss", "tau")])).toEqual({
    first: ["loss"],
    rest: ["entropy", "tau"],
  });
});
