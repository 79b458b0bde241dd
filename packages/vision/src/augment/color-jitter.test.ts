import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { type Tensor4D, tensor4d, transpose, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { stackImages } from "../image.js";
import { type Order, slotsOf } from "../testing/jitter-order.js";
import { expectClose, imagesOf, planesOf, readOracle } from "../testing/oracle.js";
import { arrangeSlots, brightness, colorJitter, drawJitter } from "./color-jitter.js";
import { recolor } from "./recolor.js";

const oracle = readOracle("augment").jitter;

beforeAll(useTestBackend);

describe("colorJitter", () => {
  it("doubles and clips, bytes as floats", () => {
    const jitter = () => arrangeSlots([[brightness(2, 1)]], 1);
    expectClose(colorJitter(tensor4d([51, 204], [1, 1, 2, 1], "int32"), jitter()), [0.4, 1], 1e-6);
    expectClose(colorJitter(tensor4d([0.25, 0.75], [1, 1, 2, 1]), jitter()), [0.5, 1], 1e-6);
  });

  it("matches torchvision one by one and in any order; hue matches the turn of YIQ", () => {
    const orders: Order[] = oracle.color.orders;
    const longest = Math.max(...orders.map((order) => order.length));
    const slots = orders.map((order) => slotsOf(order, 3, longest));
    const jitter = () => arrangeSlots(slots, 3);
    expectClose(toPlanes(colorJitter(imagesOf(oracle.color), jitter())), oracle.color.planes, 1e-5);
    const floats = transpose(planesOf(oracle.color), [0, 2, 3, 1]);
    expectClose(toPlanes(colorJitter(floats, jitter())), oracle.color.planes, 1e-5);
    expectClose(
      recolor(planesOf(oracle.color), { jitter: jitter() }, { from: "planes", to: "planes" }),
      oracle.color.planes,
      1e-5,
    );
  });

  it("matches torchvision on gray images", () => {
    const slots = (oracle.gray.orders as Order[]).map((order) => slotsOf(order, 1));
    expectClose(toPlanes(colorJitter(imagesOf(oracle.gray), arrangeSlots(slots, 1))), oracle.gray.planes, 1e-5);
  });

  it.each(oracle.sizes as (typeof oracle.color)[])("matches torchvision on images of $shape", (one) => {
    const slots = (one.orders as Order[]).map((order) => slotsOf(order, 3));
    expectClose(toPlanes(colorJitter(imagesOf(one), arrangeSlots(slots, 3))), one.planes, 1e-5);
  });

  it("of a batch as a data set holds it is that of its int32 images", () => {
    const { shape, images, orders } = oracle.sizes[0];
    const [, height, width, channels] = shape;
    const pixels = Uint8Array.from(images as number[]);
    const slots = (orders as Order[]).map((order) => slotsOf(order, 3));
    const stacked = stackImages([{ id: "a", pixels, height, width, channels }]);
    expectClose(toPlanes(colorJitter(stacked, arrangeSlots(slots, 3))), oracle.sizes[0].planes, 1e-5);
  });

  it("says what does not fit", () => {
    const jitter = () => drawJitter(2, createRandom(1), { jitterStrength: 1, jitterProbability: 1, channels: 3 });
    expect(() => colorJitter(zeros([3, 4, 4, 3]), jitter())).toThrow(
      "colorJitter: images must be [N, H, W, C] and matrices [N, C, C], got [3,4,4,3] and [2,3,3]. Draw chances for as many",
    );
    expect(() => colorJitter(zeros([2, 4, 4, 1]), jitter())).toThrow("got [2,4,4,1] and [2,3,3]");
  });

  it("of no pixels is empty", () => {
    const { shape } = colorJitter(zeros([1, 0, 4, 3], "int32"), arrangeSlots([[brightness(2)]], 3));
    expect(shape).toEqual([1, 0, 4, 3]);
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

function toPlanes(images: Tensor4D): Tensor4D {
  return transpose(images, [0, 3, 1, 2]);
}
