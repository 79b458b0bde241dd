import { createRandom, lossOf, namedVariables, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { resnet18 } from "./encoders/resnet.js";
import { stackImages } from "./image.js";
import { simclr } from "./simclr.js";
import { stripes as images, side } from "./testing/stripes.js";

/** Mild enough for a few steps to be seen in the loss. */
const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0.2, grayProbability: 0 });

beforeAll(useTestBackend);

describe("simclr", () => {
  const suite = methodSuite({
    make: (random) =>
      simclr(resnet18({ width: 4, random: random.split("encoder") }), augment, random, {
        temperature: 0.5,
      }),
    samples: images,
    inputs: () => standardize(stackImages(images), augment.statistics),
    steps: 12,
  });
  for (const { name, run } of suite) test(name, run);

  it("has nothing to tell apart in a batch of one", () => {
    const method = simclr(resnet18({ width: 2, random: createRandom(1) }), augment, createRandom(2));
    const loss = training(() => lossOf(method.loss(method.draw(images.slice(0, 1), createRandom(3)))));
    expect(loss.dataSync()[0]).toBeCloseTo(0, 6); // the positive is the only candidate: −log 1
  });

  it("approaches log(2N − 1) where temperature drowns all differences", () => {
    const encoder = resnet18({ width: 2, random: createRandom(1) });
    const method = simclr(encoder, augment, createRandom(2), { temperature: 1e6 });
    const loss = training(() => lossOf(method.loss(method.draw(images, createRandom(3)))));
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(11), 4);
  });

  it("draws two different views of each image", () => {
    const method = simclr(resnet18({ width: 2, random: createRandom(1) }), augment, createRandom(2));
    const { images: stacked, first, second } = method.draw(images, createRandom(3));
    expect([stacked.shape, stacked.dtype]).toEqual([[6, side, side, 3], "int32"]);
    const view = augment(stacked, first).dataSync();
    expect(view).not.toEqual(augment(stacked, second).dataSync());
    expect(view).toEqual(augment(stacked, first).dataSync());
  });

  it("learns the encoder and a projector of two layers, and keeps no other variables", () => {
    const method = simclr(resnet18({ width: 2, random: createRandom(1) }), augment, createRandom(2), {
      projectionSize: 5,
    });
    const learned = namedVariables(method.learned, "parameters");
    expect(Object.keys(learned).filter((name) => name.startsWith("projector"))).toEqual([
      "projector.0.weight",
      "projector.0.bias",
      "projector.2.weight",
      "projector.2.bias",
    ]);
    expect(learned["projector.0.weight"]!.shape).toEqual([16, 16]);
    expect(learned["projector.2.weight"]!.shape).toEqual([5, 16]);
    expect(Object.keys(learned)[0]).toBe("encoder.conv1.weight");
    expect(method.carried).toBeUndefined();
  });
});
