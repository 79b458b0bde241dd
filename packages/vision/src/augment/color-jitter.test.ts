import { createRandom } from "@autodidact/core";
import { reshape, type Tensor3D, type Tensor4D, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { type Order, slotsOf } from "../testing/jitter-order.js";
import { expectClose, planesOf, readOracle } from "../testing/oracle.js";
import { arrangeSlots, brightness, drawJitter, jitter } from "./color-jitter.js";

const oracle = readOracle("augment").jitter;

beforeAll(useTestBackend);

describe("jitter", () => {
  it("doubles and clips", () => {
    const planes = tensor3d([0.25, 0.75], [1, 1, 2]);
    expectClose(jitter(planes, arrangeSlots([[brightness(2, 1)]], 1)), [0.5, 1], 1e-6);
  });

  it("matches torchvision one by one and in any order; hue matches the turn of YIQ", () => {
    const orders: Order[] = oracle.color.orders;
    const longest = Math.max(...orders.map((order) => order.length));
    const slots = orders.map((order) => slotsOf(order, 3, longest));
    expectClose(jitter(flat(planesOf(oracle.color)), arrangeSlots(slots, 3)), oracle.color.planes, 1e-5);
  });

  it("matches torchvision on gray images", () => {
    const slots = (oracle.gray.orders as Order[]).map((order) => slotsOf(order, 1));
    expectClose(jitter(flat(planesOf(oracle.gray)), arrangeSlots(slots, 1)), oracle.gray.planes, 1e-5);
  });
});

describe("drawJitter", () => {
  it("leaves the untouched share as it was and orders images differently", async () => {
    const n = 400;
    const random = createRandom(3);
    const { ofPixel, ofMean } = drawJitter(n, random, { jitterStrength: 0.5, jitterProbability: 0.75, channels: 3 });
    expect(ofPixel.shape).toEqual([4, n, 3, 3]);
    const means = (await ofMean.array()).map((slot) =>
      slot.map((matrix) => matrix.flat().some((value) => value !== 0)),
    );
    const contrasts = means.map((slot) => slot.filter(Boolean).length / n); // where contrast stands
    for (const share of contrasts) expect(share).toBeCloseTo(0.75 / 4, 1);
    expect(contrasts.reduce((a, b) => a + b)).toBeCloseTo(0.75, 1);
  });

  it("stays within its strength", async () => {
    const random = createRandom(4);
    const { ofPixel } = drawJitter(500, random, { jitterStrength: 0.5, jitterProbability: 1, channels: 1 });
    const factors = await ofPixel.data();
    expect(Math.min(...factors)).toBeGreaterThan(0.6 - 1e-6);
    expect(Math.min(...factors)).toBeLessThan(0.62);
    expect(Math.max(...factors)).toBeLessThan(1.4 + 1e-6);
    expect(Math.max(...factors)).toBeGreaterThan(1.38);
  });
});

function flat(planes: Tensor4D): Tensor3D {
  const [n, channels, height, width] = planes.shape;
  return reshape(planes, [n, channels, height * width]);
}
