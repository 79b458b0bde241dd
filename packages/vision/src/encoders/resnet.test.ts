import { createRandom, gradientsOf, type Random, training, twin } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { gather, keep, mul, ones, type Scalar, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { fillByFormula, formula } from "../testing/formula.js";
import { expectClose, readOracle } from "../testing/oracle.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import { type ResnetDepth, resnet, resnet18, resnet34, resnet50 } from "./resnet.js";

interface Case {
  depth: ResnetDepth;
  width: number;
  stem: "imagenet" | "cifar";
  side: number;
  featureSize: number;
  evaluated: number[];
  trained: number[];
  gradientNorms: Record<string, number>;
  runningStatistics: Record<string, number[]>;
}

const cases: Case[] = readOracle("resnet").cases;
const names = readOracle("resnet-names");

beforeAll(useTestBackend);

describe.each(cases)("resnet of depth $depth with the $stem stem", (oracle) => {
  const { depth, width, stem, side } = oracle;

  it("computes torchvision's features and gradients", () => {
    tidy(() => {
      const encoder = resnet({ depth, width, stem, random: createRandom(0) });
      fillByFormula(encoder);
      const images = formula("input", [3, side, side, 3]);
      expect(encoder.featureSize).toBe(oracle.featureSize);
      expectClose(encoder(images), oracle.evaluated, 1e-4);

      const weighting = formula("weighting", [3, encoder.featureSize]);
      let features: Tensor | undefined;
      const loss = () => {
        features = keep(training(() => encoder(images)));
        return sum(mul(features, weighting)) as Scalar;
      };
      const { gradients } = gradientsOf(loss, encoder.parameters);
      expectClose(features!, oracle.trained, 1e-4);
      features!.dispose();
      for (const [name, norm] of Object.entries(oracle.gradientNorms)) {
        expect(Math.hypot(...gradients[name]!.dataSync()) / norm, name).toBeCloseTo(1, 3);
      }
      for (const [name, values] of Object.entries(oracle.runningStatistics)) {
        expectClose(encoder.buffers[name]!, values, 1e-4);
      }
      expect([...encoder.buffers["bn1.num_batches_tracked"]!.dataSync()]).toEqual([1]);
    });
  });
});

describe("resnet", () => {
  it.each([
    ["resnet18", resnet18, 512],
    ["resnet34", resnet34, 512],
    ["resnet50", resnet50, 2048],
  ] as const)("has the names, order and shapes of torchvision's %s", (name, make, featureSize) => {
    const encoder = make({ random: onlyZeros });
    const shapes = (variables: Record<string, Tensor>) =>
      Object.entries(variables).map(([key, { shape }]) => [key, shape]);
    expect(shapes(encoder.parameters)).toEqual(names[name].parameters);
    expect(shapes(encoder.buffers)).toEqual(names[name].buffers);
    expect(encoder.featureSize).toBe(featureSize);
    for (const variable of [...Object.values(encoder.parameters), ...Object.values(encoder.buffers)])
      variable.dispose();
  });

  it("starts from N(0, 2/fanOut), other layers from other values", () => {
    const { parameters } = resnet18({ width: 16, random: createRandom(1) });
    const weights = [...parameters["layer3.0.conv2.weight"]!.dataSync()];
    const deviation = Math.sqrt(weights.reduce((total, weight) => total + weight ** 2, 0) / weights.length);
    expect(deviation / Math.sqrt(2 / (64 * 9))).toBeCloseTo(1, 1);
    expect(weights[0]).not.toBe(parameters["layer3.1.conv1.weight"]!.dataSync()[0]);
    expect([...parameters["bn1.weight"]!.dataSync()]).toEqual(new Array(16).fill(1));
  });

  it("is built again from its config, through JSON", () => {
    const encoder = resnet({ depth: 34, width: 4, stem: "cifar", channels: 1, random: createRandom(2) });
    const again = encoderFromConfig(JSON.parse(JSON.stringify(encoder.config)), createRandom(2));
    expect(again.config).toEqual(encoder.config);
    const images = ones([2, 8, 8, 1]);
    expectClose(again(images), [...encoder(images).dataSync()], 0);
    expect(() => encoderFromConfig({ model_type: "swin" }, createRandom(0))).toThrow(
      'model_type must be "autodidact_resnet", with its depth, or "vit", got "swin"',
    );
  });

  it.each([18, 50] as const)("takes groups for its batch norms, in training alone: depth %i", (depth) => {
    const [whole, grouped] = [1, 2].map((normGroups) =>
      resnet({ depth, width: 2, normGroups, random: createRandom(2) }),
    );
    expect(whole!.config).not.toHaveProperty("normGroups");
    expect(grouped!.config).toMatchObject({ normGroups: 2 });
    const images = formula("images", [4, 40, 40, 3]);
    expectClose(grouped!(images), [...whole!(images).dataSync()], 0);

    // Samples 0 and 2 are one group: they come out as if they were the whole batch.
    const half = training(() => whole!(gather(images, [0, 2]))).dataSync();
    const both = training(() => grouped!(images));
    expectClose(gather(both, [0, 2]), [...half], 1e-4);
    expect(() => training(() => grouped!(formula("images", [3, 40, 40, 3])))).toThrow("divisible by its 2 groups");
  });

  it("is built again with other weights, and has a twin with the same", () => {
    const encoder = resnet({ depth: 18, width: 2, stem: "cifar", normGroups: 2, random: createRandom(2) });
    const again = encoder.again!(createRandom(3));
    expect(again.config).toEqual(encoder.config);
    const images = formula("images", [2, 8, 8, 3]);
    const features = [...encoder(images).dataSync()];
    expect([...again(images).dataSync()]).not.toEqual(features);
    expectClose(twin(encoder)(images), features, 0);
  });

  it("says what an impossible option must be", () => {
    const random = createRandom(0);
    expect(() => resnet({ depth: 20 as 18, random })).toThrow("resnet: depth must be 18, 34 or 50, got 20.");
    expect(() => resnet18({ width: 0, random })).toThrow("resnet: width must be a whole number above 0, got 0.");
    expect(() => resnet18({ normGroups: 0, random })).toThrow(
      "resnet: normGroups must be a whole number above 0, got 0.",
    );
    expect(() => resnet18({ stem: "mnist" as "cifar", random })).toThrow(
      "resnet: stem must be imagenet or cifar, got mnist.",
    );
  });
});

/** Quick where only names and shapes matter. */
const onlyZeros: Random = {
  ...createRandom(0),
  normals: (n) => new Float32Array(n),
  uniforms: (n) => new Float32Array(n),
  split: () => onlyZeros,
};
