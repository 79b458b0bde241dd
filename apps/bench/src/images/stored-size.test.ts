import { describe, expect, it } from "vitest";
import { imageMethods, imageSettingsFrom } from "./settings.js";
import { storedSize, withStoreSize } from "./stored-size.js";

const photographs = { size: 96, channels: 3, originalSide: 375, sourceSize: 340 } as const; // ⌈96 / √0.08⌉ = 340

describe("storedSize", () => {
  it("is what the smallest crop wants, of what images have", () => {
    expect(storedSize({ ...photographs, length: 3000 })).toBe(340);
    expect(storedSize({ ...photographs, length: 3000, originalSide: 200 })).toBe(200);
  });

  it("lets all images fit into the cache: 10,000 of 189 × 189 × 3 bytes are 1.07 of 1.074 GB", () => {
    expect(storedSize({ ...photographs, length: 10_000 })).toBe(189);
    expect(storedSize({ ...photographs, length: 10_000, channels: 1 })).toBe(327);
    expect(storedSize({ ...photographs, length: 100_000 })).toBe(96); // they do not, at any side
  });

  it("leaves small images as they are", () => {
    expect(storedSize({ size: 32, channels: 3, length: 10_000, originalSide: 32, sourceSize: 114 })).toBe(32);
    expect(storedSize({ size: 32, channels: 3, length: 10_000, originalSide: 20, sourceSize: 114 })).toBe(32);
  });
});

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
      "--store-size must be at least the views' side, 96, got 64",
    );
  });
});
