import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { describeEncoder, type EncoderChoice, encoderSettings, makeEncoder } from "./named-encoders.js";

beforeAll(() => useTestBackend());

const settled = (told: Partial<EncoderChoice> = {}, imageSize = 32) =>
  encoderSettings({ encoder: "resnet18", ...told }, { imageSize, stem: "cifar" });

describe("encoderSettings", () => {
  it("settles what was not told, by the family and the images", () => {
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
    expect(() => settled({ patchSize: 4 })).toThrow("`patchSize` does not go with `encoder` resnet18");
    expect(() => settled({ encoder: "vit-tiny", stem: "cifar" })).toThrow("`stem` does not go with `encoder` vit-tiny");
    expect(() => settled({ encoder: "vit-tiny", heads: 5 })).toThrow("`heads` must divide `width`, got 5 for 192");
    expect(() => settled({ encoder: "vit-tiny", patchSize: 5 })).toThrow("(32), got 5 for 32");
    expect(() => settled({ encoder: "vit-tiny" }, 31)).toThrow("`patchSize` must divide `imageSize` (31)");
  });

  it("makes encoders that say what they are", () => {
    for (const typed of [{ width: 2 }, { encoder: "vit-tiny", width: 8, layers: 1 }] as const) {
      const settings = settled(typed);
      const encoder = makeEncoder(settings, { random: createRandom(1), channels: 1, imageSize: 32 });
      expect(encoder.featureSize).toBe("stem" in settings ? 16 : 8);
    }
    expect(describeEncoder(settled())).toBe("resnet18 of width 64 with cifar stem");
    expect(describeEncoder(settled({ encoder: "vit-tiny", layers: 4 }))).toBe(
      "vit-tiny of 4 layers, width 192, 3 heads, patches 4×4",
    );
  });
});
