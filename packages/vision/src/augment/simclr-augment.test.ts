import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory, tensor2d, tensor3d, tensor4d, tidy, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type Order, slotsOf } from "../testing/jitter-order.js";
import { expectClose, imagesOf, readOracle } from "../testing/oracle.js";
import { arrangeSlots } from "./color-jitter.js";
import { gray, identity } from "./color-matrix.js";
import { gaussian } from "./gaussian-blur.js";
import { simclrAugment } from "./simclr-augment.js";
import { simclrCifar10, simclrDigits, simclrImagenet } from "./simclr-presets.js";
import { standardize } from "./standardize.js";

const { chain } = readOracle("augment");

beforeAll(useTestBackend);

describe("simclrAugment", () => {
  it("does what torchvision does stage by stage", () => {
    const augment = simclrAugment({ size: chain.size, mean: chain.mean, std: chain.std });
    const matrices = (chain.grays as boolean[]).map((isGray) => [...(isGray ? gray(3) : identity(3))]);
    const view = {
      boxes: tensor2d(chain.boxes),
      jitter: arrangeSlots(
        (chain.orders as Order[]).map((order) => slotsOf(order, 3)),
        3,
      ),
      gray: tensor3d(matrices.flat(), [3, 3, 3]),
      kernels: tensor2d((chain.sigmas as number[]).map((sigma) => gaussian(sigma, 1))),
    };
    expectClose(augment(imagesOf(chain), view), chain.views, 2e-5);
  });

  it("without chance is standardisation", () => {
    const augment = simclrCifar10({
      size: 2,
      cropArea: [1, 1],
      cropRatio: [1, 1],
      flip: 0,
      jitterStrength: 0,
      grayProbability: 0,
    });
    const images = tensor4d(
      [...Array(12).keys()].map((k) => 20 * k),
      [1, 2, 2, 3],
      "int32",
    );
    const view = augment(images, augment.draw(1, createRandom(0)));
    expectClose(view, [...standardize(images, augment.statistics).dataSync()], 1e-5);
    const firstPixel = [-1.989474, -1.658187, -1.107176]; // (0/255 − 0.4914) / 0.247, (20/255 − 0.4822) / 0.2435, (40/255 − 0.4465) / 0.2616
    for (const [channel, value] of firstPixel.entries()) expect(view.dataSync()[channel]).toBeCloseTo(value, 4);
  });

  it.each([
    ["CIFAR-10", simclrCifar10()],
    ["ImageNet", simclrImagenet({ size: 40 })],
    ["digits", simclrDigits()],
  ])("gives two different views of %s, the same for the same seed, and leaks nothing", (_name, augment) => {
    const images = tensor4d(
      createRandom(1)
        .uniforms(2 * 36 * 36 * augment.channels, 0, 256)
        .map(Math.floor),
      [2, 36, 36, augment.channels],
      "int32",
    );
    const before = memory().numTensors;
    tidy(() => {
      const view = (seed: number) => augment(images, augment.draw(2, createRandom(seed)));
      const [first, again, other] = [view(1), view(1), view(2)].map((tensor) => [...tensor.dataSync()]);
      expect(view(1).shape).toEqual([2, augment.size, augment.size, augment.channels]);
      expect(first).toEqual(again);
      expect(first).not.toEqual(other);
      expect(first!.every(Number.isFinite)).toBe(true);
    });
    expect(memory().numTensors).toBe(before);
  });

  it("says what an impossible setting must be", () => {
    expect(() => simclrAugment({ size: 32, flip: 1.5 })).toThrow("simclrAugment: flip must be in [0, 1], got 1.5.");
    expect(() => simclrAugment({ size: 32, cropArea: [0.5, 0.1] })).toThrow("cropArea must be two ascending numbers");
    expect(() => simclrAugment({ size: 28, channels: 1 })).toThrow("mean must have one number a channel (1), got 3");
    expect(() => simclrAugment({ size: 28.5 })).toThrow("size must be a whole number above 0, got 28.5");
  });

  it("keeps gray images in range of the statistics", () => {
    const augment = simclrDigits({ jitterStrength: 2 });
    const values = augment(zeros([3, 28, 28, 1], "int32"), augment.draw(3, createRandom(9))).dataSync();
    for (const value of values) expect(value).toBeCloseTo(-0.1307 / 0.3081, 5);
  });
});
