import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length } from "../testing/arbitraries.js";
import { expectSameAsCpu, type Numbers, numbers, runOnOnnx, startBackends } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const positive = (shape: readonly number[], seed: number): Numbers => ({
  shape,
  values: numbers(shape, seed).values.map((value) => 0.5 + Math.abs(value)),
});

test("batch norm takes the mean away and divides by the deviation", () => {
  const vector = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
  const x = { shape: [1, 1, 2, 2], values: Float32Array.of(3, 10, 5, 20) };
  const inputs = { x, mean: vector(1, 10), variance: vector(4, 25), offset: vector(0, 100), scale: vector(1, 2) };
  const [y] = runOnOnnx({ kernel: "FusedBatchNorm", inputs, attributes: { varianceEpsilon: 0 } });
  expect(Array.from(y!.values)).toEqual([1, 100, 2, 104]);
});

test("batch norm is the CPU backend's, with and without scale and offset", () => {
  const drawn = fc.record({
    lead: fc.tuple(length(3), length(4), length(4)),
    channels: length(5),
    isPerElement: fc.boolean(),
    hasScale: fc.boolean(),
    hasOffset: fc.boolean(),
    varianceEpsilon: fc.constantFrom(undefined, 0.001, 0.1),
  });
  fc.assert(
    fc.property(drawn, ({ lead, channels, isPerElement, hasScale, hasOffset, varianceEpsilon }) => {
      const shape = [...lead, channels];
      const statistics = isPerElement ? shape : [channels];
      const inputs = {
        x: numbers(shape, 1),
        mean: numbers(statistics, 2),
        variance: positive(statistics, 3),
        offset: hasOffset ? numbers(statistics, 4) : undefined,
        scale: hasScale ? numbers(statistics, 5) : undefined,
      };
      expectSameAsCpu([{ kernel: "FusedBatchNorm", inputs, attributes: { varianceEpsilon } }]);
    }),
    { numRuns: 50 },
  );
});

test("response normalisation and its gradient are the CPU backend's", () => {
  const drawn = fc.record({
    shape: fc.tuple(length(2), length(4), length(4), length(9)),
    depthRadius: fc.integer({ min: 0, max: 5 }),
    bias: fc.constantFrom(0.5, 1, 2),
    alpha: fc.constantFrom(0.1, 1, 3),
    beta: fc.constantFrom(0.5, 0.75, 1),
  });
  fc.assert(
    fc.property(drawn, ({ shape, ...attributes }) => {
      const [x, y, dy] = [numbers(shape, 1), numbers(shape, 2), numbers(shape, 3)];
      expectSameAsCpu([
        { kernel: "LRN", inputs: { x }, attributes },
        { kernel: "LRNGrad", inputs: { x, y, dy }, attributes },
      ]);
    }),
    { numRuns: 40 },
  );
});
