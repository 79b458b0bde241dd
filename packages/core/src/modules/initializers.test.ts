import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import {
  type Initializer,
  kaimingNormalFanOut,
  kaimingUniform,
  normalValues,
  oneValues,
  xavierUniform,
  zeroValues,
} from "./initializers.js";

const shape = [40, 20, 3, 3]; // fanIn 180, fanOut 360

/** The variance torch.nn.init promises; 7,200 draws give it within 5 %. */
const variances: [string, Initializer, number][] = [
  ["kaimingUniform", kaimingUniform, 1 / 180 / 3], // U(±b) has b² / 3
  ["kaimingNormalFanOut", kaimingNormalFanOut, 2 / 360],
  ["xavierUniform", xavierUniform, 2 / (180 + 360)],
  ["normalValues(0.02)", normalValues(0.02), 0.0004],
];

for (const [name, initialize, variance] of variances) {
  test(`${name} has the variance of torch.nn.init`, () => {
    const values = initialize(shape, createRandom(11));
    expect(values.length).toBe(7200);
    const found = values.reduce((total, value) => total + value * value, 0) / values.length;
    expect(found / variance).toBeGreaterThan(0.95);
    expect(found / variance).toBeLessThan(1.05);
  });
}

test("zeros and ones", () => {
  expect([...zeroValues([2, 1], createRandom(0)), ...oneValues([2], createRandom(0))]).toEqual([0, 0, 1, 1]);
});
