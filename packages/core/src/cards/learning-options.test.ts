import { expect, it } from "vitest";
import { scheduleOf } from "./learning-options.js";

it("scheduleOf rises for a tenth and falls as a cosine", () => {
  const rate = scheduleOf({ optimizer: { learningRate: 0.4 }, warmup: 0.1, steps: 100 });
  expect([0, 5, 10, 55, 100].map((step) => Number(rate(step).toFixed(6)))).toEqual([0, 0.2, 0.4, 0.2, 0]);
});
