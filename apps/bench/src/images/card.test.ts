/** What a card can ask for, shown by one that asks for everything: a teacher, and other usual values than SimCLR's. */
import { twin } from "@autodidact/core";
import { share, whole } from "@autodidact/core/cards";
import { useTestBackend } from "@autodidact/core/testing";
import { simclr } from "@autodidact/vision";
import {
  imageMethod,
  imageMethods,
  imageOptionGroups,
  imageSettingsFrom,
  imageSettingsOf,
  imageWarning,
  pretrainingParts,
} from "@autodidact/vision/cards";
import { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { addOptionGroups } from "../command-options.js";

const twins = imageMethod({
  name: "twins",
  summary: "a pupil and its teacher",
  options: {
    queueSize: whole(4096, "keys that are remembered"),
    momentum0: share("of the teacher at the start", { usually: "0.996, of small images 0.99" }),
    kernel: whole(3, "side of the first convolution"),
  },
  usual: { optimizer: "lars", batchSize: 128, jitterStrength: 0.25, width: 2 },
  rates: { lars: { learningRate: 0.2, weightDecay: 1.5e-6 } },
  defaults: ({ data, batchSize }) => ({ momentum0: data.size <= 64 && batchSize < 256 ? 0.99 : 0.996 }),
  encoder: ({ kernel }) => ({ stem: kernel === 7 ? "imagenet" : "cifar" }),
  make: ({ encoder, augment, random, options }) => ({
    ...simclr(encoder, augment, random, { projectionSize: options.kernel }),
    name: "twins",
    carried: { teacher: twin(encoder) },
  }),
});

const data = { path: "/photos", split: null, perClass: null, size: 16, channels: 3, length: 1000 } as const;

describe("a card's own usual values", () => {
  it("stand where nothing was typed, and give way to what was", () => {
    const made = imageSettingsFrom(twins, { steps: 3 }, data);
    expect(made).toMatchObject({ method: "twins", queueSize: 4096, momentum0: 0.99, kernel: 3, batchSize: 128 });
    expect(made).toMatchObject({
      augment: { preset: "cifar10", jitterStrength: 0.25 },
      encoder: { width: 2 },
      optimizer: { name: "lars", learningRate: 0.1, weightDecay: 1.5e-6 }, // 0.2 × 128 / 256
    });
    const typed = imageSettingsFrom(twins, { optimizer: "sgd", queueSize: 8, momentum0: 0.5, jitterStrength: 1 }, data);
    expect(typed).toMatchObject({ optimizer: { name: "sgd", learningRate: 0.06 }, queueSize: 8, momentum0: 0.5 });
    expect(typed.augment.jitterStrength).toBe(1);
    const schema = imageSettingsOf([twins]);
    expect(schema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(schema.safeParse({ ...made, queueSize: 0 }).success).toBe(false);
  });

  it("are told by --help", () => {
    const command = addOptionGroups(new Command(), imageOptionGroups(twins)).configureHelp({ helpWidth: 200 });
    const help = command.helpInformation();
    expect(help).toMatch(/--momentum0 <share> +of the teacher at the start \(default: 0.996, of small images 0.99\)/);
    expect(help).toMatch(/--batch-size <n> .*default: 128/);
    expect(help).toMatch(/--lr <rate> .*lars 0.2/);
  });
});

it("MoCo warns of a queue that remembers half of the images and more", () => {
  const made = (queueSize: number) =>
    imageSettingsFrom(
      imageMethods.moco,
      { queueSize },
      { path: "/photos", split: null, perClass: null, size: 32, channels: 3, length: 1000 },
    );
  expect(imageWarning(made(256), 1000)).toBeUndefined();
  expect(imageWarning(made(512), 1000)).toContain("{ queueSize: 512 } remembers half of the 1000 images or more");
  expect(imageWarning(made(1024), 1000)).toContain("remembers all of the 1000 images");
});

describe("pretrainingParts", () => {
  beforeAll(() => useTestBackend());

  it("gives the method a second encoder of the same make, which is not learned", () => {
    const settings = imageSettingsFrom(twins, { steps: 3, kernel: 7 }, data);
    const { method, optimizer } = pretrainingParts(settings, twins);
    const { teacher } = method.carried as { teacher: typeof method.encoder };
    const shapes = ({ parameters }: typeof method.encoder) => Object.values(parameters).map(({ shape }) => shape);
    expect(shapes(teacher)).toEqual(shapes(method.encoder));
    expect(method.encoder.parameters["conv1.weight"]!.shape.slice(-2)).toEqual([7, 7]);
    expect(teacher.parameters["conv1.weight"]).not.toBe(method.encoder.parameters["conv1.weight"]);
    expect(Object.values(optimizer.parameters)).not.toContain(teacher.parameters["conv1.weight"]);
  });
});
