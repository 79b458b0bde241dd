import { expect, it } from "vitest";
import { describeProgress, duration } from "./progress.js";

it("describes a run in one line", () => {
  const progress = {
    step: 12,
    steps: 400,
    loss: 4.56789,
    learningRate: 0.0312345,
    pace: { unit: "images", perSecond: 1234.5 },
    secondsLeft: 83,
  };
  expect(describeProgress(progress)).toBe("step 12/400  loss 4.5679  lr 0.0312  1,235 images/s  ETA 1:23");
  expect(describeProgress({ ...progress, learningRate: 0.00003, watched: "rank 21.7" })).toBe(
    "step 12/400  loss 4.5679  lr 3e-5  1,235 images/s  rank 21.7  ETA 1:23",
  );
});

it("writes durations as clocks do", () => {
  expect([7, 59.6, 750, 11_100, NaN].map(duration)).toEqual(["0:07", "1:00", "12:30", "3:05:00", "–"]);
});
