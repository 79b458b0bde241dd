/** What a learner of images tells of itself while it learns. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useTestBackend } from "@autodidact/core/testing";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineImages } from "../datasets/pretrain-images.js";
import { stripes } from "../testing/stripes.js";
import type { ImageOptions } from "./image-options.js";
import { imageMethods, imageSettingsFrom } from "./image-settings.js";
import { settledImageLearner } from "./settled-learner.js";

let folder: string;
beforeAll(async () => {
  await useTestBackend();
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  for (let n = 0; n < 36; n += 1) {
    const { pixels, width, height } = stripes[n % stripes.length]!;
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(folder, `${n}.png`));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const small: ImageOptions = { width: 2, batchSize: 8, steps: 2 };

async function seen(name: keyof typeof imageMethods, typed: ImageOptions = {}) {
  const { facts } = await examineImages(folder, typed);
  const settings = imageSettingsFrom(imageMethods[name], { ...small, ...typed }, facts);
  const learner = await settledImageLearner(settings);
  const watched = await learner.watch({ isLast: false });
  await learner.dispose();
  return watched!;
}

describe("a method's own numbers stand beside the rank, the first in the live line too", () => {
  it.each([
    ["rotation", 0.25, {}],
    ["jigsaw", 1 / 24, { imageSize: 12, grid: 2, permutations: 24, tileSize: 4 }],
  ] as const)("of %s its accuracy", async (name, chance, typed) => {
    const { metrics, shown } = await seen(name, typed);
    const { pretextAccuracy } = metrics;
    expect(Object.keys(metrics)).toEqual(["effectiveRank", "embeddingStandardDeviation", "pretextAccuracy"]);
    expect(shown).toBe(`rank ${metrics.effectiveRank!.toFixed(1)}, pretext accuracy ${pretextAccuracy!.toFixed(3)}`);
    expect(Math.abs(pretextAccuracy! - chance)).toBeLessThan(0.4); // nothing is learned yet
  });

  it("of VICReg and LeJEPA the terms of their losses", async () => {
    const vicreg = await seen("vicreg", { expanderSize: 8 });
    expect(Object.keys(vicreg.metrics).slice(2)).toEqual(["variance", "invariance", "covariance"]);
    expect(vicreg.shown).toMatch(/^rank [\d.]+, variance 0\.\d{3}$/);
    const lejepa = await seen("lejepa", { hiddenSize: 8, projectionSize: 4, directions: 8, views: 2 });
    expect(Object.keys(lejepa.metrics).slice(2)).toEqual(["gaussian", "prediction"]);
  });

  it("of DINO how sure its teacher is and how many prototypes it uses, with an alarm where it is one", async () => {
    const sizes = { hiddenSize: 8, prototypes: 64, localCrops: 1 };
    const { metrics, shown, alarm } = await seen("dino", { ...sizes, teacherTemperature: [1, 1] });
    expect(Object.keys(metrics).slice(2)).toEqual(["entropy", "prototypes", "divergence"]);
    expect(shown).toMatch(/^rank [\d.]+, entropy [34]\.\d{3}$/);
    expect(alarm).toBeUndefined();
    const one = await seen("dino", { ...sizes, prototypes: 2, teacherTemperature: [1e-4, 1e-4] }); // what is a little nearer has all
    expect(one.alarm).toMatch(/one prototype \(1\.\d\d in use\)/);
  });

  it("of a method that has none nothing", async () => {
    const { metrics, shown } = await seen("simclr");
    expect(Object.keys(metrics)).toEqual(["effectiveRank", "embeddingStandardDeviation"]);
    expect(shown).toMatch(/^rank [\d.]+$/);
  });
});
