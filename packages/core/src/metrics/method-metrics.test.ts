import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import {
  backend,
  mean,
  memory,
  mul,
  type Scalar,
  scalar,
  type Tensor1D,
  tensor1d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CorruptSampleError, type Dataset } from "../data/dataset.js";
import { chooseEngine } from "../engine/engine.js";
import { isTraining } from "../modules/mode.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { methodMetrics } from "./method-metrics.js";

beforeAll(() => useTestBackend());
afterAll(() => useTestBackend());

/** 0, 1, 2, … as samples; every third is broken where told. */
const counting = (length: number, isBroken = false): Dataset<number> => ({
  length,
  id: (index) => String(index),
  async get(index) {
    if (isBroken && index % 3 === 0) throw new CorruptSampleError(String(index), "made so");
    return index;
  },
});

const options = (length: number, batchSize: number) => ({
  dataset: counting(length),
  batchSize,
  random: createRandom(1),
});

function scaling() {
  const weight = tidy(() => variable(scalar(1), false));
  const drawn: number[][] = [];
  const method = {
    draw(samples: readonly number[]) {
      drawn.push([...samples]);
      return { x: tensor1d([...samples]) };
    },
    metrics: ({ x }: { x: Tensor1D }) => ({
      mean: mul(mean(x), weight) as Scalar,
      training: scalar(Number(isTraining())),
    }),
  };
  return { weight, drawn, method };
}

test("means over batches that are drawn once, by the weights as they are", async () => {
  const { weight, drawn, method } = scaling();
  const before = memory().numTensors;
  const { look, dispose } = methodMetrics(method, options(6, 2))!;
  expect(await look()).toEqual({ mean: expect.closeTo(2.5, 6), training: 0 }); // of 0 … 5
  tidy(() => weight.assign(scalar(2)));
  expect((await look()).mean).toBeCloseTo(5, 6);
  expect(drawn.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(drawn.map(({ length }) => length)).toEqual([2, 2, 2]);
  dispose();
  expect(memory().numTensors).toBe(before);
  weight.dispose();
});

test("samples that fill no batch are left out, broken ones too; one small batch is better than none", async () => {
  const { weight, drawn, method } = scaling();
  await methodMetrics(method, options(7, 3))!.look();
  await methodMetrics(method, options(2, 64))!.look();
  await methodMetrics(method, { dataset: counting(7, true), batchSize: 2, random: createRandom(1) })!.look();
  expect(drawn.map(({ length }) => length)).toEqual([3, 3, 2, 2, 2]);
  expect(drawn.slice(3).flat().sort()).toEqual([1, 2, 4, 5]);
  expect(await methodMetrics(method, options(0, 4))!.look()).toEqual({});
  weight.dispose();
});

test("compiles nothing from the second look on", async () => {
  await chooseEngine({ engine: "onnx" });
  const { weight, method } = scaling();
  const { look, dispose } = methodMetrics(method, options(6, 2))!;
  await look();
  const graphs = () => (backend() as unknown as OnnxBackend).stats().graphs;
  const before = graphs();
  expect((await look()).mean).toBeCloseTo(2.5, 6);
  expect(graphs()).toBe(before);
  dispose();
  weight.dispose();
});

test("is nothing where the method has no numbers of its own", () => {
  expect(methodMetrics({ draw: () => ({}) }, options(4, 2))).toBeUndefined();
});
