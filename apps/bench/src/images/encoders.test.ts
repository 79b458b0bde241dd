import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Typed } from "../typed-option.js";
import { describeEncoder, type encoderOptions, encoderSettings, encoderSettingsFrom, makeEncoder } from "./encoders.js";
import { imageMethods, imageSettingsFrom } from "./settings.js";

beforeAll(() => useTestBackend());

const settled = (typed: Typed<typeof encoderOptions> = {}, imageSize = 32) =>
  encoderSettingsFrom({ encoder: "resnet18", ...typed }, { imageSize, stem: "cifar" });

describe("encoderSettingsFrom", () => {
  it("settles what was not typed, by the family and the images", () => {
    expect(settled()).toEqual({ name: "resnet18", width: 64, stem: "cifar" });
    expect(settled({ encoder: "vit-tiny" })).toEqual({
      name: "vit-tiny",
      width: 192,
      patchSize: 4,
      layers: 12,
      heads: 3,
    });
    expect(settled({ encoder: "vit-small", width: 128, layers: 3 })).toMatchObject({ width: 128, layers: 3, heads: 2 });
    const patches = [28, 64, 96, 224].map((size) => {
      const made = settled({ encoder: "vit-tiny" }, size);
      return "patchSize" in made && made.patchSize;
    });
    expect(patches).toEqual([4, 8, 12, 16]);
  });

  it("refuses what belongs to the other family, and what does not fit", () => {
    expect(() => settled({ patchSize: 4 })).toThrow("--patch-size does not go with --encoder resnet18");
    expect(() => settled({ encoder: "vit-tiny", stem: "cifar" })).toThrow("--stem does not go with --encoder vit-tiny");
    expect(() => settled({ encoder: "vit-tiny", heads: 5 })).toThrow("--heads must divide --width, got 5 for 192");
    expect(() => settled({ encoder: "vit-tiny", patchSize: 5 })).toThrow("(32), got 5 for 32");
    expect(() => settled({ encoder: "vit-tiny" }, 31)).toThrow("--patch-size must divide --image-size (31)");
  });

  it("makes encoders that say what they are", () => {
    for (const typed of [{ width: 2 }, { encoder: "vit-tiny", width: 8, layers: 1 }] as const) {
      const settings = settled(typed);
      expect(encoderSettings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
      const encoder = makeEncoder(settings, { random: createRandom(1), channels: 1, imageSize: 32 });
      expect(encoder.featureSize).toBe("stem" in settings ? 16 : 8);
    }
    expect(describeEncoder(settled())).toBe("resnet18 of width 64 with cifar stem");
    expect(describeEncoder(settled({ encoder: "vit-tiny", layers: 4 }))).toBe(
      "vit-tiny of 4 layers, width 192, 3 heads, patches 4×4",
    );
  });
});

describe("a method's families", () => {
  const data = { path: "/photos", split: null, perClass: null, size: 32, channels: 3, length: 1000 } as const;
  it("decide the usual encoder, and refuse others with the reason", () => {
    const { mae, moco } = imageMethods;
    expect(imageSettingsFrom(mae, {}, data).encoder.name).toBe("vit-tiny");
    expect(() => imageSettingsFrom(mae, { encoder: "resnet18" }, data)).toThrow(
      "--encoder resnet18 does not go with mae: its encoder sees some patches only, which a convolution cannot. Take vit-tiny.",
    );
    expect(() => imageSettingsFrom(moco, { encoder: "vit-tiny" }, data)).toThrow("does not go with moco");
    expect(imageSettingsFrom(imageMethods["moco-v3"], { encoder: "vit-tiny" }, data)).toMatchObject({
      temperature: 0.2,
    });
    expect(imageSettingsFrom(imageMethods["moco-v3"], {}, data)).toMatchObject({ temperature: 1 });
  });
});
