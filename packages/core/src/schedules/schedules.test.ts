import { expect, test } from "vitest";
import { readOracle } from "../testing/oracle.js";
import { constantSchedule } from "./constant-schedule.js";
import { cosineSchedule } from "./cosine-schedule.js";
import type { Schedule } from "./schedule.js";
import { stepSchedule } from "./step-schedule.js";
import { warmupCosineSchedule } from "./warmup-cosine-schedule.js";
import { warmupSchedule } from "./warmup-schedule.js";

const schedules: Record<string, Schedule> = {
  constant: constantSchedule(0.4),
  cosine: cosineSchedule({ learningRate: 0.4, steps: 5 }),
  "cosine to 0.04": cosineSchedule({ learningRate: 0.4, steps: 4, finalLearningRate: 0.04 }),
  step: stepSchedule({ learningRate: 0.4, milestones: [2, 5] }),
  "warm-up, cosine to 0.04": warmupCosineSchedule({
    learningRate: 0.4,
    steps: 10,
    warmupSteps: 3,
    finalLearningRate: 0.04,
  }),
};

for (const { name, learningRates } of readOracle<{ name: string; learningRates: number[] }>("schedules")) {
  test(`as PyTorch: ${name}`, () => {
    learningRates.forEach((expected, step) => {
      expect(schedules[name]!(step), `step ${step}`).toBeCloseTo(expected, 6);
    });
  });
}

test("by hand: a warm-up of 4 steps to 0.8, then constant", () => {
  const schedule = warmupSchedule(4, constantSchedule(0.8));
  [0, 0.2, 0.4, 0.6, 0.8, 0.8].forEach((expected, step) => {
    expect(schedule(step)).toBeCloseTo(expected, 12);
  });
});

test("the cosine's last rate holds after its end", () => {
  expect(cosineSchedule({ learningRate: 1, steps: 10, finalLearningRate: 0.1 })(500)).toBeCloseTo(0.1, 12);
});

test("no warm-up at all is none", () => {
  expect(warmupCosineSchedule({ learningRate: 1, steps: 10, warmupSteps: 0 })(0)).toBe(1);
});

test("impossible lengths are refused", () => {
  expect(() => cosineSchedule({ learningRate: 1, steps: 0 })).toThrow("cosineSchedule: steps must be above 0, got 0");
  expect(() => warmupCosineSchedule({ learningRate: 1, steps: 5, warmupSteps: 5 })).toThrow(
    "warmupCosineSchedule: warmupSteps must be below steps, got 5 of 5",
  );
});
