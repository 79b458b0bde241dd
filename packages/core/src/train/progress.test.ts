import { expect, it } from "vitest";
import { describeFineTuning, describeProgress, duration } from "./progress.js";

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

it("says whose turn it is in a fine-tuning, which seed's where there are several", () => {
  const stage = { contender: "pretrained", seed: 1 };
  expect(describeFineTuning(stage, { seeds: 1, asked: "20 texts" })).toBe("pretrained: answering 20 texts");
  const report = { step: 3, loss: 1, learningRate: 0.1, samplesPerSecond: 8, etaSeconds: 7 } as never;
  expect(describeFineTuning({ ...stage, report, steps: 100 }, { seeds: 5, asked: "" })).toBe(
    "pretrained, seed 2 of 5: step 3/100  loss 1.0000  lr 0.1  8 examples/s  ETA 0:07",
  );
});
