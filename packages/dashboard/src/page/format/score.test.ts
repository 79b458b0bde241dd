import { expect, it } from "vitest";
import { describeDifference, describeMetric, describeRank, describeScore, describeValue, wordsOf } from "./score.js";

it("writes a share in percent, its interval in brackets", () => {
  expect(describeScore({ value: 0.951, interval: [0.946, 0.955], unit: "share" })).toBe("95.1 (94.6–95.5)");
  expect(describeScore({ value: 0.951, interval: null, unit: "share" })).toBe("95.1");
  expect(describeScore({ value: 2.1, interval: [2, 2.2], unit: "nats" })).toBe("2.1000 (2.0000–2.2000)");
  expect(describeValue(null, "share")).toBe("–");
});

it("names what was measured", () => {
  expect(describeMetric({ metric: "accuracy", unit: "share" })).toBe("accuracy, %");
  expect(describeMetric({ metric: "nats", unit: "nats" })).toBe("nats");
  expect(describeMetric({ metric: "macroF1", unit: "share" })).toBe("macro F1, %");
});

it("writes ranks and differences", () => {
  expect(describeRank(2, [1, 3])).toBe("2 (1–3)");
  expect(describeRank(2, null)).toBe("2");
  expect(describeDifference(0.013, "share")).toBe("+1.3");
  expect(describeDifference(-0.013, "share")).toBe("−1.3");
});

it("makes words of names", () => {
  expect(wordsOf("learningRate")).toBe("learning rate");
  expect(wordsOf("samplesPerSecond")).toBe("samples per second");
  expect(wordsOf("exactMatch")).toBe("exact match");
  expect(wordsOf("mcc")).toBe("mcc");
});
