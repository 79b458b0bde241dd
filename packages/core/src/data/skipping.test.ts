import { expect, test } from "vitest";
import { skipping } from "./skipping.js";

test("the first ten are named, and at the end all are counted", () => {
  const told: string[] = [];
  const skipped = skipping((text) => told.push(text));
  skipped.conclude("images");
  expect(told).toEqual([]);
  for (let n = 0; n < 12; n++) skipped(new Error(`${n}.png: truncated`));
  skipped.conclude("images");
  expect([told[0], told[9], told[10], told[11], told.length]).toEqual([
    "skipped: 0.png: truncated",
    "skipped: 9.png: truncated",
    "skipped: more, which are counted",
    "skipped in all: 12 images that could not be read",
    12,
  ]);
});
