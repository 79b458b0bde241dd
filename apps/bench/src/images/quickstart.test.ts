import { imageMethods, imageSettingsFrom, imageWarning } from "@autodidact/vision/cards";
import { expect, it } from "vitest";
import { imageQuickstart } from "./quickstart.js";

const facts = { path: "mnist", split: "train", perClass: 1000, size: 28, channels: 1, length: 10_000 } as const;

it("is SimCLR on a ResNet-18 of width 16 unless told", () => {
  expect(imageQuickstart.methodOf!({})).toBe(imageQuickstart.method);
  expect(imageQuickstart.typed({})).toEqual({ width: 16, perClass: 1000 });
});

it.each(Object.values(imageMethods))("$name has settings that can be, without a warning", (card) => {
  const given = { images: card.name };
  expect(imageQuickstart.methodOf!(given)).toBe(card.name);
  expect(imageQuickstart.introduce(given)).toContain(`${card.name} learns from 10000 handwritten digits`);
  const settings = imageSettingsFrom(card, { ...imageQuickstart.typed(given), steps: 1 }, facts);
  expect(settings.method).toBe(card.name);
  expect(imageWarning(settings, facts.length)).toBeUndefined();
});
