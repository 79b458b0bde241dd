import { expect, test } from "vitest";
import { describeMachine } from "../harness/machine.js";
import { learnedTable } from "./learned-table.js";
import type { Row } from "./run-cells.js";

const row = (split: string, seed: number, value: number): Row => ({
  ...{ method: "best-rq", split, seed, measurement: "digit", metric: "accuracy", value },
  ...{ randomInit: 0.5, rawFeatures: null, fromScratch: null, pretrainingSeconds: 90 },
  commands: ["autodidact pretrain best-rq", "autodidact evaluate run"],
  machine: describeMachine(),
});

test("seeds become a mean and a deviation, splits stand side by side, their mean weighs each alike", () => {
  const told = learnedTable([row("a,b", 0, 0.6), row("a,b", 1, 0.8), row("c,d", 0, 0.5)]);
  expect(told.split("\n")[2]!.split(/ {2,}/)).toEqual([
    "best-rq",
    "digit, accuracy",
    "70.0 ± 14.1", // √((0.1² + 0.1²) / 1) = 0.1414
    "50.0",
    "60.0", // of 70 and 50, not of three numbers
    "50.0",
    "1.5 min",
  ]);
});
