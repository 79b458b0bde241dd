import type { ExaminedImages } from "@autodidact/vision";
import {
  type Continued,
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

const scans: ExaminedImages["facts"] = {
  path: "/scans",
  split: null,
  perClass: null,
  size: 32,
  channels: 3,
  length: 300,
};

function settings(
  args: string,
  facts: Partial<typeof scans> = {},
  init?: Continued,
  method: "simclr" | "mae" | "jigsaw" = "simclr",
) {
  const command = addOptionGroups(new Command(), imageOptionGroups(imageMethods[method]))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args.split(" ").filter(Boolean), { from: "user" });
  const typed = command.opts<ImageOptions>();
  return settledInFlags(() => imageSettingsFrom(imageMethods[method], typed, { ...scans, ...facts }, init));
}

const roundTrip = (made: ReturnType<typeof settings>) =>
  parseImageSettings(JSON.parse(JSON.stringify(made)), "config.json");

describe("--init", () => {
  const resnet: Continued = {
    path: "/w",
    weights: "sha256:1",
    encoder: { encoder: "resnet50", width: 64, stem: "imagenet" },
  };
  const vit: Continued = {
    path: "/v",
    weights: "sha256:2",
    encoder: { encoder: "vit-base", width: 768, patchSize: 16, layers: 12, heads: 12 },
  };

  it("brings its encoder, and its hash is the run's", () => {
    const made = settings("", {}, resnet);
    expect(made).toMatchObject({
      encoder: { name: "resnet50", width: 64, stem: "imagenet" },
      init: { path: "/w", weights: "sha256:1" },
    });
    expect(roundTrip(made)).toEqual(made);
    expect(settings("", {}, vit, "mae").encoder).toEqual({
      name: "vit-base",
      width: 768,
      patchSize: 16,
      layers: 12,
      heads: 12,
    });
    expect("init" in settings("")).toBe(false);
  });

  it("lets the stem be another, and refuses another encoder", () => {
    expect(settings("--stem cifar", {}, resnet).encoder).toMatchObject({ stem: "cifar" });
    expect(() => settings("--encoder resnet34", {}, resnet)).toThrow(
      "--init /w brings its own encoder, resnet50: leave out --encoder resnet34.",
    );
    expect(() => settings("", {}, resnet, "mae")).toThrow("--encoder resnet50 does not go with mae");
  });
});

describe("images of bands, and of a window", () => {
  const statistics = { mean: Array(6).fill(0.4), std: Array(6).fill(0.2) };

  it("are neither jittered nor made gray; whoever types it is told", () => {
    const made = settings("--window 40,400 --frame 2", {
      channels: 6,
      statistics,
      window: { center: 40, width: 400 },
      frame: 2,
    });
    expect(made.augment).toEqual({ preset: "cifar10", jitterStrength: 0, grayProbability: 0 });
    expect(made.data).toMatchObject({ channels: 6, window: { center: 40, width: 400 }, frame: 2, statistics });
    expect(roundTrip(made)).toEqual(made);
    expect(() => settings("--jitter-strength 0.5", { channels: 6, statistics })).toThrow(
      "--jitter-strength must be 0 for images of 6 channels, which are no colours, got 0.5. Leave it out.",
    );
  });

  it("lose what a method usually does to colours", () => {
    const { augment } = settings("", { channels: 6, statistics }, undefined, "jigsaw");
    expect(augment).toMatchObject({ jitterStrength: 0, grayProbability: 0 });
  });

  it("are told by a center and a width", () => {
    for (const typed of ["40", "40,0", "a,b", "40,400,1", "40,"]) {
      expect(() => settings(`--window ${typed}`), typed).toThrow("a center and a width above 0");
    }
  });
});
