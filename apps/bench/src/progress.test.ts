import { describe, expect, it } from "vitest";
import { describeProgress, duration, speedometer } from "./progress.js";

it("describes a run in one line", () => {
  const progress = {
    step: 12,
    steps: 400,
    loss: 4.56789,
    learningRate: 0.0312345,
    imagesPerSecond: 1234.5,
    secondsLeft: 83,
  };
  expect(describeProgress(progress)).toBe("step 12/400  loss 4.5679  lr 0.0312  1,235 images/s  ETA 1:23");
  expect(describeProgress({ ...progress, learningRate: 0.00003, effectiveRank: 21.66 })).toBe(
    "step 12/400  loss 4.5679  lr 3e-5  1,235 images/s  rank 21.7  ETA 1:23",
  );
});

it("writes durations as clocks do", () => {
  expect([7, 59.6, 750, 11_100, NaN].map(duration)).toEqual(["0:07", "1:00", "12:30", "3:05:00", "–"]);
});

describe("speedometer", () => {
  it("knows nothing at the first step, then images a second and the time left", () => {
    const measure = speedometer(256);
    expect(measure(1, 11, 1000)).toEqual({ imagesPerSecond: 0, secondsLeft: NaN });
    expect(measure(2, 11, 3000)).toEqual({ imagesPerSecond: 128, secondsLeft: 18 });
  });

  it("forgets what is long past: the first step compiles", () => {
    const measure = speedometer(10, { window: 2 });
    for (const [step, at] of [
      [1, 0],
      [2, 60_000],
      [3, 61_000],
    ] as const)
      measure(step, 10, at);
    expect(measure(4, 10, 62_000).imagesPerSecond).toBe(10);
  });
});
