import { expect, it } from "vitest";
import { prefixed } from "./prefixed.js";

it.each([
  [0, "0"],
  [960, "960"],
  [999.9, "1000"],
  [1000, "1 k"],
  [4385920, "4.39 M"],
  [999_999_999, "1 G"],
  [3_627_122_688, "3.63 G"],
  [2.5e19, "25000 P"],
])("%d is %s", (value, text) => {
  expect(prefixed(value)).toBe(text);
});
