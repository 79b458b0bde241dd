/** Encoders of who speaks and their parts, beside PyTorch's. */
import { chooseEngine, copyInto, createRandom, gradientsOf, type Module, training, twin } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { backend, keep, mul, reshape, type Scalar, sum, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encoderFrontEnd } from "../features/log-mel.js";
import { fill, formula } from "../testing/formula.js";
import { givenFrames } from "../testing/given-frames.js";
import { readOracle } from "../testing/oracle.js";
import { contextualStatistics, selfAttentiveStatistics } from "./attentive-statistics.js";
import { type EcapaTdnnOptions, ecapaTdnn } from "./ecapa-tdnn.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import { fastResnet34 } from "./fast-resnet34.js";
import { type SeRes2BlockOptions, seRes2Block } from "./se-res2-block.js";

interface Case {
  name: keyof typeof made;
  options: never;
  input: [number, number, number];
  shapes: [name: string, shape: number[]][];
  evaluated: number[];
  trained: number[];
  /** Length, and product with `<name> probe`. */
  gradients: Record<string, [number, number]>;
  buffersAfter: Record<string, number[]>;
}

const random = createRandom(0);
const bands8 = encoderFrontEnd({ sampleRate: 8000, bands: 8 });
/** Waves of `givenFrames`. */
const ofWaves = (encoder: Module<never, Tensor>) => {
  const forward = (frames: Tensor) => encoder(reshape(frames, [frames.shape[0]!, -1]) as never);
  return Object.assign(forward, { parameters: encoder.parameters, buffers: encoder.buffers });
};
const made = {
  "SE-Res2 block": (options: Omit<SeRes2BlockOptions, "random">) => seRes2Block({ ...options, random }),
  "contextual statistics": (options: { channels: number; bottleneck: number }) =>
    contextualStatistics({ ...options, random }),
  "self-attentive statistics": ({ channels }: { channels: number }) => selfAttentiveStatistics(channels, random),
  "ECAPA-TDNN": (options: Omit<EcapaTdnnOptions, "random" | "frontEnd">) =>
    ofWaves(ecapaTdnn({ ...options, frontEnd: givenFrames(5), random })),
  "fast ResNet-34": (options: { width: number; embeddingSize: number }) =>
    ofWaves(fastResnet34({ ...options, frontEnd: givenFrames(12), random })),
};

beforeAll(useTestBackend);

describe.each([
  ["TensorFlow.js's CPU backend", { engine: "cpu" }],
  ["the kernels", { engine: "onnx" }],
  ["ONNX Runtime's own operators", { engine: "onnx", kernels: false }],
] as const)("by %s", (_, engine) => {
  beforeAll(async () => void (await chooseEngine(engine)));
  afterAll(async () => void (await useTestBackend()));

  it.each(readOracle<{ cases: Case[] }>("speaker-encoders").cases)(
    "$name: PyTorch's outputs and gradients",
    (oracle) => {
      const module = made[oracle.name](oracle.options) as Module<Tensor, Tensor>;
      fill(module);
      tidy(() => {
        const input = formula("input", oracle.input);
        const shapes = Object.entries(module.parameters).map(([name, { shape }]) => [name, shape]);
        expect(shapes).toEqual(oracle.shapes);
        expectClose(module(input), oracle.evaluated, "evaluated");

        let trained!: Tensor;
        const loss = () => {
          trained = keep(training(() => module(input)));
          return sum(mul(trained, formula("weighting", trained.shape))) as Scalar;
        };
        const { gradients } = gradientsOf(loss, module.parameters);
        expectClose(trained, oracle.trained, "trained");
        trained.dispose();
        const largest = Math.max(...Object.values(oracle.gradients).map(([length]) => length));
        for (const [name, [length, product]] of Object.entries(oracle.gradients)) {
          const values = gradients[name]!.dataSync<"float32">();
          const probe = formula(`${name} probe`, gradients[name]!.shape).dataSync();
          const tolerance = 1e-4 * Math.max(length, 0.01 * largest);
          expect(Math.abs(Math.hypot(...values) - length), `length of the gradient of ${name}`).toBeLessThan(tolerance);
          const found = values.reduce((total, value, i) => total + value * probe[i]!, 0);
          const reach = Math.hypot(...probe);
          expect(Math.abs(found - product), `gradient of ${name}`).toBeLessThan(tolerance * Math.max(1, reach));
        }
        for (const [name, values] of Object.entries(oracle.buffersAfter))
          expectClose(module.buffers[name]!, values, name);
      });
      if (engine.engine === "onnx") expect(fallbacks()).toEqual({});
    },
  );
});

describe("an encoder of who speaks", () => {
  it.each([
    ["ecapaTdnn", () => ecapaTdnn({ frontEnd: givenFrames(8), channels: 8, embeddingSize: 4, bottleneck: 4, random })],
    ["fastResnet34", () => fastResnet34({ frontEnd: givenFrames(8), width: 8, embeddingSize: 4, random })],
  ])("%s takes waves of any length, and has a twin", (_, make) => {
    const encoder = make();
    const short = formula<Tensor>("waves", [2, encoder.shortest]) as never;
    expect(encoder(short).shape).toEqual([2, 4]);
    expect(encoder(formula<Tensor>("waves", [3, 8 * 21]) as never).shape).toEqual([3, 4]);
    expectClose(twin(encoder)(short), [...encoder(short).dataSync()], "its twin");
    const other = encoder.again!(createRandom(5));
    expect(other.config).toEqual(encoder.config);
    expect([...other(short).dataSync()]).not.toEqual([...encoder(short).dataSync()]);
    expect(JSON.parse(JSON.stringify(encoder.config))).toMatchObject({ frontEnd: { bands: 8 }, embeddingSize: 4 });
  });

  it.each([
    [
      "ecapaTdnn",
      () => ecapaTdnn({ frontEnd: bands8, channels: 8, scale: 2, bottleneck: 4, embeddingSize: 4, random }),
    ],
    ["fastResnet34", () => fastResnet34({ frontEnd: bands8, width: 8, embeddingSize: 4, random })],
  ])("%s is built again from its config, through JSON", (_, make) => {
    const encoder = make();
    const again = encoderFromConfig(JSON.parse(JSON.stringify(encoder.config)), createRandom(7));
    expect(again.config).toEqual(encoder.config);
    expect(again.shortest).toBe(encoder.shortest);
    copyInto(again, encoder);
    const waves = formula<Tensor2D>("waves", [2, 900]);
    expectClose(again(waves), [...encoder(waves).dataSync()], "the same");
  });

  it("says what an impossible size must be", () => {
    const frontEnd = givenFrames(8);
    expect(() => ecapaTdnn({ frontEnd, channels: 20, random })).toThrow("channels must be a multiple of scale");
    expect(() => ecapaTdnn({ frontEnd, embeddingSize: 0, random })).toThrow("embeddingSize must be a whole number");
    expect(() => fastResnet34({ frontEnd, width: 12, random })).toThrow("width must be a multiple of 8, got 12");
  });
});

function fallbacks(): unknown {
  return (backend() as unknown as { stats(): { fallbacks: unknown } }).stats().fallbacks;
}

/** To 1e-4 of the largest value. */
function expectClose(actual: Tensor, expected: readonly number[], what: string): void {
  const values = actual.dataSync();
  expect(values.length, what).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(values[i]! - value), `${what}[${i}]`).toBeLessThanOrEqual(1e-4 * largest);
  }
}
