/** The linear probe of a learned sum of layers, beside PyTorch's and scipy's minimum. */
import { createRandom, type LabelledFeatures, labelled } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { fewLabels } from "./class-protocol.js";
import { lbfgs } from "./lbfgs.js";
import { linearProbe } from "./linear-probe.js";
import { layerShares, penalisedLoss, regressionData, zeroHead } from "./softmax-regression.js";

const told = oracle<{
  size: number;
  layers: number;
  classes: number;
  l2: number;
  train: number[];
  trainLabels: number[];
  test: number[];
  testLabels: number[];
  standardized: number[];
  point: number[];
  value: number;
  gradient: number[];
  minimum: number;
  weight: number[];
  shares: number[];
  answers: number[];
}>("layer-sum");

function tableOf(values: readonly number[], labels: readonly number[], layers: number | undefined = told.layers) {
  const { size, classes } = told;
  return labelled({ values: Float32Array.from(values), count: values.length / size, size, layers }, labels, classes);
}
const train = tableOf(told.train, told.trainLabels);
const test = tableOf(told.test, told.testLabels);
const context = () => ({ random: createRandom(0) });

beforeAll(useTestBackend);

describe("penalisedLoss of several layers", () => {
  const loss = penalisedLoss();

  it("of one layer that is right and one of zeros, worked by hand", async () => {
    const values = Float32Array.of(2, 0); // one row: layer 0 says 2, layer 1 says 0
    const table = labelled({ values, count: 1, size: 2, layers: 2 }, [1], 2);
    const data = regressionData(table);
    const { value, gradient } = await loss(data, 0, Float64Array.of(0, 1, 0, 0, 0, 0)); // W = [0, 1], b = 0, w = 0: the feature is 1
    const p = 1 / (1 + Math.exp(1)); // of class 0
    expect(value).toBeCloseTo(-Math.log(1 - p), 6);
    const expected = [p, -p, p, -p, -0.5 * p, 0.5 * p]; // x (p − y), p − y, and ½ (g − ½ Σ g) of g = −2p and 0
    for (const [i, slope] of gradient.entries()) expect(slope).toBeCloseTo(expected[i]!, 6);
    data.features.dispose();
    data.targets.dispose();
  });

  it("has PyTorch's value and gradient, and from zeros PyTorch's minimum with its shares of the layers", async () => {
    const table = tableOf(told.standardized, told.trainLabels);
    const data = regressionData(table);
    const at = await loss(data, told.l2, Float64Array.from(told.point));
    expect(Math.abs(at.value - told.value)).toBeLessThan(1e-5);
    expect(at.gradient).toHaveLength(told.gradient.length);
    for (const [i, slope] of at.gradient.entries()) expect(Math.abs(slope - told.gradient[i]!)).toBeLessThan(1e-5);
    const found = await lbfgs((head) => loss(data, told.l2, head), zeroHead(table));
    expect(Math.abs(found.value - told.minimum)).toBeLessThan(1e-6);
    expectNear(layerShares(found.point, table)!, told.shares, 1e-4);
    expectNear([...found.point.subarray(0, told.weight.length)], told.weight, 5e-3);
    data.features.dispose();
    data.targets.dispose();
    loss.dispose();
  });
});

describe("linearProbe of a learned sum", () => {
  it("answers as PyTorch's, and tells what each layer counts for", async () => {
    const before = memory().numTensors;
    const probe = linearProbe({ layerSum: true, l2: [told.l2] });
    const { labels, chosen } = await probe.predict(train, test, context());
    expect([...labels]).toEqual(told.answers);
    const { l2, ...shares } = chosen;
    expect(l2).toBe(told.l2);
    expect(Object.keys(shares)).toEqual(["layer0", "layer1", "layer2"]);
    expectNear(Object.values(shares), told.shares, 5e-3);
    expect(memory().numTensors).toBe(before);
  });

  it("answers nearly the same by SGD", async () => {
    const probe = linearProbe({ layerSum: true, l2: [told.l2], solver: "sgd", epochs: 200 });
    const { labels } = await probe.predict(train, test, context());
    const same = labels.filter((label, row) => label === told.answers[row]).length;
    expect(same).toBeGreaterThanOrEqual(0.95 * told.answers.length);
  });

  it("of one layer, and unless told, is the probe of before; the protocol hands the layers on", async () => {
    const flat = (table: LabelledFeatures) => ({ ...table, layers: undefined });
    const plain = await linearProbe({ l2: [0.01, 0.1] }).predict(flat(train), flat(test), context());
    const sideBySide = await linearProbe({ l2: [0.01, 0.1] }).predict(train, test, context());
    const ofOne = await linearProbe({ l2: [0.01, 0.1], layerSum: true }).predict(flat(train), flat(test), context());
    expect(sideBySide).toEqual(plain);
    expect(ofOne).toEqual(plain);
    const few = fewLabels(5)({ train, test }, createRandom(1));
    const { chosen } = await linearProbe({ l2: [0.01], layerSum: true }).run(few, context());
    expect(Object.keys(chosen!)).toEqual(["l2", "layer0", "layer1", "layer2"]);
    expect(linearProbe({ layerSum: true }).settings).toMatchObject({ layer: "a learned sum of all layers" });
  });
});

function expectNear(values: readonly number[], expected: readonly number[], tolerance: number): void {
  for (const [i, value] of expected.entries()) expect(Math.abs(values[i]! - value)).toBeLessThan(tolerance);
}
