import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { shape } from "../testing/arbitraries.js";
import { type Call, drawn, expectSameAsCpu, isInGraph, runOnOnnx, startBackends } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const floats = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });

const reduced = shape.chain((of) =>
  fc.record({
    of: fc.constant(of),
    axis: fc.oneof(fc.subarray([...of.keys()]), fc.constant(null)),
    keepDims: fc.boolean(),
    seed: fc.nat(),
  }),
);

test("sums, products, means, extremes and quantifiers are the CPU backend's", () => {
  fc.assert(
    fc.property(reduced, ({ of, axis, keepDims, seed }) => {
      const [x, whole] = [drawn(of, [-2, -0.5, 0.3, 1, 4], seed), drawn(of, [-3, -1, 2, 5], seed, "int32")];
      const signs = drawn(of, [-1, 1], seed, "int32"); // larger products pass the limits of int32
      const bool = drawn(of, [0, 1, 1], seed, "bool");
      const calls = (kernels: readonly string[], inputs: Call["inputs"]) =>
        kernels.map((kernel): Call => ({ kernel, inputs, attributes: { axis, reductionIndices: axis, keepDims } }));
      const isEmpty = of.includes(0); // the extremes of nothing are the CPU kernel's own
      const numeric = isEmpty ? ["Sum", "Mean"] : ["Sum", "Mean", "Max", "Min"];
      expectSameAsCpu([
        ...calls([...numeric, "Prod"], { x }),
        ...calls(numeric, { x: whole }),
        ...calls(["Prod"], { x: signs }),
        ...calls(["Sum", "Prod"], { x: bool }),
        ...(isEmpty ? [] : calls(["All", "Any"], { x: bool })),
      ]);
    }),
    { numRuns: 120 },
  );
});

test("an extreme over NaN is NaN, over ∞ and −∞ is ∞", () => {
  const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
  const extreme = (kernel: string, ...values: number[]) =>
    runOnOnnx({ kernel, inputs: { x: floats(...values) }, attributes: {} })[0]!.values[0];
  for (const kernel of ["Max", "Min"]) {
    expect(extreme(kernel, nan, 1, 2)).toBeNaN();
    expect(extreme(kernel, 1, nan, 2)).toBeNaN();
    expect(extreme(kernel, 1, 2, nan)).toBeNaN();
    expect(extreme(kernel, nan, nan)).toBeNaN();
  }
  expect(extreme("Max", infinity, 0, -infinity)).toBe(infinity);
  expect(extreme("Min", infinity, 0, -infinity)).toBe(-infinity);
  expect(extreme("Max", -infinity, 3, -infinity)).toBe(3);
  expect(extreme("Max", -infinity, nan)).toBeNaN();
  expect(extreme("Min", infinity, nan)).toBeNaN();
});

const along = shape
  .filter((of) => of.length > 0)
  .chain((of) =>
    fc.record({
      of: fc.constant(of),
      axis: fc.nat(of.length - 1),
      exclusive: fc.boolean(),
      reverse: fc.boolean(),
      seed: fc.nat(),
    }),
  );

test("places of extremes and running totals are the CPU backend's", () => {
  fc.assert(
    fc.property(along, ({ of, axis, exclusive, reverse, seed }) => {
      const x = drawn(of, [-2, -0.5, 0.3, 1, 4], seed);
      const whole = drawn(of, [-3, -1, 2, 5], seed, "int32");
      const attributes = { axis, exclusive, reverse };
      const places = of.includes(0) ? [] : ["ArgMax", "ArgMin"];
      expectSameAsCpu(
        [x, whole].flatMap((input) =>
          ["Cumsum", "Cumprod", ...places].map((kernel): Call => ({ kernel, inputs: { x: input }, attributes })),
        ),
      );
    }),
    { numRuns: 80 },
  );
});

test("all of them become nodes of the graph", () => {
  for (const kernel of ["Sum", "Prod", "Mean", "Max", "Min", "ArgMax", "ArgMin", "Cumsum", "Cumprod"]) {
    expect(isInGraph({ kernel, inputs: { x: floats(1, 2) }, attributes: { axis: 0 } }), kernel).toBe(true);
  }
});
