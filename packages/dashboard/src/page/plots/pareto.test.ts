import { expect, it } from "vitest";
import { paretoFront } from "./pareto.js";

const points = [
  { model: "large", cost: 100, value: 0.9 },
  { model: "wasteful", cost: 50, value: 0.6 },
  { model: "small", cost: 1, value: 0.5 },
  { model: "middle", cost: 10, value: 0.7 },
  { model: "as dear, worse", cost: 10, value: 0.65 },
];
const front = (sign: 1 | -1) => paretoFront(points, sign).map(({ model }) => model);

it("keeps those that nobody beats for less", () => {
  expect(front(1)).toEqual(["small", "middle", "large"]);
});

it("turns round where lower is better", () => {
  expect(front(-1)).toEqual(["small"]);
});

it("is empty of nothing", () => {
  expect(paretoFront([], 1)).toEqual([]);
});
