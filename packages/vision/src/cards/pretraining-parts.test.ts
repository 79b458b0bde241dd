import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { encoderFromConfig } from "../encoders/encoder-from-config.js";
import type { ImageSettings } from "./image-settings.js";
import { pretrainingParts } from "./settled-learner.js";

beforeAll(() => useTestBackend());

const settings: ImageSettings = {
  method: "simclr",
  data: { path: "", split: null, perClass: null, size: 16, channels: 3 },
  encoder: { name: "resnet18", width: 2, stem: "cifar" },
  augment: { preset: "cifar10", flip: 0.25 },
  temperature: 0.5,
  projectionSize: 4,
  steps: 100,
  batchSize: 8,
  optimizer: { name: "sgd", learningRate: 0.4, momentum: 0.9, weightDecay: 5e-4, decay: "weights" },
  warmup: 0.1,
  seed: 3,
};

describe("pretrainingParts", () => {
  it("learns encoder and projector, and starts from what is called the random init", () => {
    const { method, optimizer } = pretrainingParts(settings);
    expect(Object.keys(method.learned)).toEqual(["encoder", "projector"]);
    expect(Object.keys(optimizer.parameters)).toContain("encoder.conv1.weight");
    const values = method.encoder.parameters["conv1.weight"]!.dataSync();
    const { config } = method.encoder;
    const untrained = (seed: number) => encoderFromConfig(config, createRandom(seed).split("encoder"));
    expect(untrained(3).parameters["conv1.weight"]!.dataSync()).toEqual(values);
    expect(untrained(4).parameters["conv1.weight"]!.dataSync()).not.toEqual(values);
  });

  it.each(["sgd", "lars", "adamw"] as const)("can be moved by %s", (name) => {
    const { optimizer } = pretrainingParts({ ...settings, optimizer: { ...settings.optimizer, name } });
    expect(Object.keys(optimizer.parameters).length).toBeGreaterThan(60);
  });
});
