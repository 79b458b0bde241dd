import { describe, expect, it } from "vitest";
import { imageMethods, imageSettingsFrom } from "./image-settings.js";

describe("a method's families", () => {
  const data = { path: "/photos", split: null, perClass: null, size: 32, channels: 3, length: 1000 } as const;
  it("decide the usual encoder, and refuse others with the reason", () => {
    const { mae, moco } = imageMethods;
    expect(imageSettingsFrom(mae, {}, data).encoder.name).toBe("vit-tiny");
    expect(() => imageSettingsFrom(mae, { encoder: "resnet18" }, data)).toThrow(
      `{ encoder: "resnet18" } does not go with mae: its encoder sees some patches only, which a convolution cannot. Take vit-tiny.`,
    );
    expect(() => imageSettingsFrom(moco, { encoder: "vit-tiny" }, data)).toThrow("does not go with moco");
    expect(imageSettingsFrom(imageMethods["moco-v3"], { encoder: "vit-tiny" }, data)).toMatchObject({
      temperature: 0.2,
    });
    expect(imageSettingsFrom(imageMethods["moco-v3"], {}, data)).toMatchObject({ temperature: 1 });
  });
});
