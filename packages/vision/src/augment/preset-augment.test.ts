import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, expect, it } from "vitest";
import { presetAugment, stemOf, usualPreset } from "./preset-augment.js";

beforeAll(() => useTestBackend());

it("is the preset at the data's size and channels", () => {
  const { size, channels, statistics } = presetAugment("cifar10", { size: 16, channels: 3 }, { flip: 0.25 });
  expect([size, channels]).toEqual([16, 3]);
  expect(statistics.mean).toEqual([0.4914, 0.4822, 0.4465]);
});

it("finds statistics for a preset made for other channels", () => {
  expect(presetAugment("cifar10", { size: 16, channels: 1 }).statistics.mean).toHaveLength(1);
  expect(presetAugment("digits", { size: 16, channels: 3 }).statistics.std).toHaveLength(3);
});

it("follows from the images: gray ones are digits, small ones as CIFAR's", () => {
  const presets = [
    usualPreset({ size: 96, channels: 1 }),
    usualPreset({ size: 64, channels: 3 }),
    usualPreset({ size: 65, channels: 3 }),
  ];
  expect(presets).toEqual(["digits", "cifar10", "imagenet"]);
  expect(presets.map(stemOf)).toEqual(["cifar", "cifar", "imagenet"]);
});
