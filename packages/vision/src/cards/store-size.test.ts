import { describe, expect, it } from "vitest";
import { imageMethods, imageSettingsFrom, withStoreSize } from "./image-settings.js";

describe("withStoreSize", () => {
  const data = { path: "/photos", split: null, perClass: null, size: 96, channels: 3 } as const;
  const settings = imageSettingsFrom(imageMethods.simclr, {}, { ...data, length: 3000 });
  const originals = { length: 3000, originalSide: 375 };
  const side = (...[typed, ...rest]: [Parameters<typeof withStoreSize>[1], typeof originals]) =>
    withStoreSize(settings, typed, ...rest).data.storeSize;

  it("follows from the views' smallest crop, or is what was asked for", () => {
    expect(side({}, originals)).toBe(340);
    expect(side({ storeSize: 128 }, originals)).toBe(128);
    const larger = { ...settings, augment: { ...settings.augment, cropArea: [0.25, 1] as const } };
    expect(withStoreSize(larger as never, {}, originals).data.storeSize).toBe(192); // 96 / √0.25
  });

  it("is left out where it is the views' own, so that such settings are those of before", () => {
    expect(withStoreSize(settings, {}, { length: 3000, originalSide: 96 })).toEqual(settings);
    expect(withStoreSize(settings, { storeSize: 96 }, originals)).toEqual(settings);
  });

  it("is never below the views'", () => {
    expect(() => side({ storeSize: 64 }, originals)).toThrow(
      "`storeSize` must be at least the views' side, 96, got 64",
    );
  });
});
