import type { ExaminedImages } from "@autodidact/vision";
import {
  type ImageOptions,
  imageMethods,
  imageOptionGroups,
  imageSettingsFrom,
  parseImageSettings,
} from "@autodidact/vision/cards";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addOptionGroups } from "../command-options.js";
import { settledInFlags } from "../option-words.js";

type DataFacts = ExaminedImages["facts"];

const cifar: DataFacts = { path: "/cifar", split: "train", perClass: null, size: 32, channels: 3, length: 10_000 };

function settings(args: string, facts: Partial<DataFacts> = {}) {
  const command = addOptionGroups(new Command(), imageOptionGroups(imageMethods.simclr))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args.split(" ").filter(Boolean), { from: "user" });
  return settledInFlags(() =>
    imageSettingsFrom(imageMethods.simclr, command.opts<ImageOptions>(), { ...cifar, ...facts }),
  );
}

describe("imageSettingsFrom", () => {
  it("makes the reference recipe of what was typed", () => {
    const made = settings("--width 16 --epochs 20 --crop-area 0.2,1 --decay all");
    expect(made).toEqual({
      method: "simclr",
      data: { path: "/cifar", split: "train", perClass: null, size: 32, channels: 3 },
      encoder: { name: "resnet18", width: 16, stem: "cifar" },
      augment: { preset: "cifar10", cropArea: [0.2, 1] },
      temperature: 0.5,
      projectionSize: 128,
      steps: 780, // 20 × ⌊10000 / 256⌋
      batchSize: 256,
      optimizer: { name: "sgd", learningRate: 0.12, momentum: 0.9, weightDecay: 5e-4, decay: "all" },
      warmup: 0.1,
      seed: 0,
    });
    expect(parseImageSettings(JSON.parse(JSON.stringify(made)), "config.json")).toEqual(made);
  });

  it("scales the learning rate by the batch, unless one is told", () => {
    expect(settings("--batch-size 512").optimizer.learningRate).toBeCloseTo(0.24, 12);
    expect(settings("--batch-size 512 --lr 0.1").optimizer.learningRate).toBe(0.1);
  });

  it("chooses what suits the images", () => {
    const choice = (made: ReturnType<typeof settings>) => [
      made.augment.preset,
      "stem" in made.encoder && made.encoder.stem,
      "temperature" in made && made.temperature,
    ];
    expect(choice(settings("", { size: 96 }))).toEqual(["imagenet", "imagenet", 0.1]);
    expect(choice(settings("", { size: 28, channels: 1 }))).toEqual(["digits", "cifar", 0.5]);
    expect(choice(settings("--augment imagenet --stem cifar --temperature 0.2"))).toEqual(["imagenet", "cifar", 0.2]);
  });

  it("takes 256 images a step, or as many as there are", () => {
    const sizes = [10_000, 256, 100, 50, 7].map((length) => settings("", { length }).batchSize);
    expect(sizes).toEqual([256, 256, 96, 48, 7]);
  });

  it("refuses a batch greater than the data, and steps beside epochs", () => {
    expect(() => settings("--batch-size 256", { length: 100 })).toThrow("got 256 for 100 images");
    expect(() => settings("", { length: 1 })).toThrow("pretraining needs two images at least");
    expect(() => settings("--steps 5 --epochs 5")).toThrow("cannot be used with");
  });
});

it("parseImageSettings names what is wrong in a damaged config", () => {
  expect(() => parseImageSettings({ ...settings(""), steps: 0 }, "runs/a/config.json")).toThrow(
    /runs\/a\/config\.json.*\n.*steps/s,
  );
});

describe("moco", () => {
  const mocoSettings = (typed: ImageOptions, length = 1000) =>
    imageSettingsFrom(imageMethods.moco, typed, {
      path: "/photos",
      split: null,
      perClass: null,
      size: 32,
      channels: 3,
      length,
    });

  it("remembers a quarter of the images at most, a batch at least", () => {
    expect(mocoSettings({}, 100_000)).toMatchObject({ queueSize: 4096, keyMomentum: 0.99, temperature: 0.1 });
    expect(mocoSettings({}, 10_000)).toMatchObject({ queueSize: 2048 });
    expect(mocoSettings({ augment: "imagenet" }, 1_000_000)).toMatchObject({ queueSize: 65_536, keyMomentum: 0.999 });
    expect(mocoSettings({}, 400)).toMatchObject({ queueSize: 256 });
  });

  it("refuses what its queue and its groups cannot hold, by the options' names", () => {
    expect(() => mocoSettings({ batchSize: 64, queueSize: 32 })).toThrow(
      "`queueSize` must hold a batch at least, got 32",
    );
    expect(() => mocoSettings({ batchSize: 60, normGroups: 8 })).toThrow("`normGroups` must divide `batchSize`");
    expect(() => mocoSettings({ batchSize: 8, normGroups: 8 })).toThrow("got 8 for 8");
  });
});

describe("jigsaw", () => {
  const jigsawSettings = (typed: ImageOptions, size = 32) =>
    imageSettingsFrom(imageMethods.jigsaw, typed, { ...cifar, size });

  it("has VISSL's views, and refuses orders and sizes that its tiles do not have", () => {
    expect(jigsawSettings({})).toMatchObject({
      grid: 3,
      permutations: 100,
      tileSize: 128,
      augment: { preset: "cifar10", grayProbability: 0.66, jitterStrength: 0 },
    });
    expect(jigsawSettings({}, 96)).toMatchObject({ tileSize: 1000 });
    expect(() => jigsawSettings({ grid: 2 })).toThrow("Say { permutations: 24 }.");
    expect(jigsawSettings({ grid: 2, permutations: 24 })).toMatchObject({ grid: 2, permutations: 24 });
    expect(() => jigsawSettings({}, 14)).toThrow("`imageSize` must be 15 at least for { grid: 3 }");
  });
});

describe("dino", () => {
  const dinoSettings = (typed: ImageOptions, size = 32) =>
    imageSettingsFrom(imageMethods.dino, typed, { ...cifar, size });

  it("has small crops of three sevenths of a view, in whole patches, and refuses others by the options' names", () => {
    expect(dinoSettings({})).toMatchObject({ localSize: 14, optimizer: { name: "adamw", weightDecay: 0.04 } });
    expect(dinoSettings({}).augment).toMatchObject({ cropArea: [0.4, 1] });
    expect(dinoSettings({ encoder: "vit-tiny" })).toMatchObject({ encoder: { patchSize: 4 }, localSize: 12 });
    expect(dinoSettings({ encoder: "vit-tiny", patchSize: 16 }, 224)).toMatchObject({ localSize: 96 });
    expect(() => dinoSettings({ encoder: "vit-tiny", localSize: 14 })).toThrow(
      "`patchSize` must divide `localSize`, got 4 for 14",
    );
    expect(() => dinoSettings({ localSize: 40 })).toThrow("`localSize` must be that of views at most, 32, got 40");
  });
});

it("rotation gets upright views, of digits too", () => {
  const { augment } = imageSettingsFrom(imageMethods.rotation, {}, { ...cifar, size: 28, channels: 1 });
  expect(augment).toMatchObject({ preset: "digits", rotationDegrees: 0 });
});
