import { assertGiven } from "@autodidact/core/cards";
import { describe, expect, it } from "vitest";
import { imageOptionGroups } from "./image-options.js";
import { imageMethods, imageSettingsFrom, imageWarning } from "./image-settings.js";

const data = { path: "/photos", split: null, perClass: null, size: 32, channels: 3, length: 40_000 } as const;
const { moco, mae, simclr } = imageMethods;

describe("moco's groups of batch norm follow from the batch", () => {
  it.each([
    [256, 8],
    [64, 8],
    [32, 8],
    [16, 4],
    [12, 3],
    [8, 2],
    [10, 2],
    [7, 1],
    [2, 1],
  ])("of %i images %i", (batchSize, normGroups) => {
    expect(imageSettingsFrom(moco, { batchSize }, data)).toMatchObject({ normGroups });
  });

  it("those that are typed must divide it, and one alone is warned of", () => {
    expect(() => imageSettingsFrom(moco, { batchSize: 8, normGroups: 8 }, data)).toThrow(
      "`normGroups` must divide `batchSize` into parts of two images at least, got 8 for 8.",
    );
    const settings = imageSettingsFrom(moco, { batchSize: 7 }, data);
    expect(imageWarning(settings, data.length)).toMatch(
      /^\{ normGroups: 1 \} has one statistic for the whole batch of 7/,
    );
    expect(imageWarning(imageSettingsFrom(moco, { batchSize: 8 }, data), data.length)).toBeUndefined();
  });
});

describe("what hides all or nothing is refused before anything is made", () => {
  const given = (typed: Record<string, unknown>) => () => assertGiven("planImages", imageOptionGroups(mae), typed);

  it("a share that is all", () => {
    expect(given({ maskRatio: 1 })).toThrow("planImages: `maskRatio` must be a number above 0 and below 1, got 1.");
    expect(given({ maskRatio: 0 })).toThrow("above 0 and below 1");
    expect(given({ momentum: 1 })).toThrow("`momentum` must be a number of at least 0 and below 1, got 1");
    expect(given({ maskRatio: 0.75, momentum: 0 })).not.toThrow();
  });

  it("a share that is all of the few patches that there are", () => {
    const few = (maskRatio: number) => () => imageSettingsFrom(mae, { patchSize: 8, maskRatio }, data); // 16 patches
    expect(few(0.98)).toThrow(
      "`maskRatio` must leave some of the 16 patches of an image seen and some hidden, got 0.98: none is seen.",
    );
    expect(few(0.01)).toThrow("none is hidden");
    expect(few(0.9)).not.toThrow();
  });
});

it("one image cannot be learned from, which lowering the batch does not change", () => {
  expect(() => imageSettingsFrom(simclr, {}, { ...data, length: 1 })).toThrow(
    "pretraining needs two images at least, each told from the others; /photos holds one. Add images.",
  );
  expect(() => imageSettingsFrom(simclr, { batchSize: 9 }, { ...data, length: 8 })).toThrow(
    "`batchSize` must not be greater than the data, got 9 for 8 images. Lower it.",
  );
});
