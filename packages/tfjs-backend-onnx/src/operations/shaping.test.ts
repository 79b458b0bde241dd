import { slice_util } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, shape } from "../testing/arbitraries.js";
import {
  type Call,
  drawn,
  expectSameAsCpu,
  isInGraph,
  list,
  numbers,
  runOnOnnx,
  startBackends,
  wholeNumbers,
} from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const ranked = shape.filter((of) => of.length > 0);

test("transposing, reversing, repeating and cutting are the CPU backend's", () => {
  const drawing = ranked.chain((of) => {
    const each = <T>(value: (length: number) => fc.Arbitrary<T>) => fc.tuple(...of.map(value));
    return fc.record({
      of: fc.constant(of),
      perm: fc.shuffledSubarray([...of.keys()], { minLength: of.length }),
      dims: fc.subarray([...of.keys()]),
      reps: each(() => fc.integer({ min: 0, max: 3 })),
      bounds: each((n) => fc.tuple(fc.nat(n), fc.nat(n)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)),
      axis: fc.nat(of.length - 1),
      isBool: fc.boolean(),
    });
  });
  fc.assert(
    fc.property(drawing, ({ of, perm, dims, reps, bounds, axis, isBool }) => {
      const x = isBool ? drawn(of, [0, 1], 1, "bool") : numbers(of);
      const slice = { begin: bounds.map(([first]) => first), size: bounds.map(([first, end]) => end - first) };
      const split = { numOrSizeSplits: [of[axis]! - slice.size[axis]!, slice.size[axis]!], axis };
      const call = (kernel: string, attributes: object, name = "x"): Call => ({
        kernel,
        inputs: { [name]: x },
        attributes,
      });
      expectSameAsCpu([
        call("Transpose", { perm }),
        call("Reverse", { dims }),
        call("Slice", slice),
        call("SplitV", split),
        call("Unpack", { axis }, "value"),
        ...(of.includes(0) ? [] : [call("Tile", { reps })]),
      ]);
    }),
    { numRuns: 120 },
  );
});

test("strided slices with masks are the CPU backend's", () => {
  const drawing = ranked
    .filter((of) => !of.includes(0))
    .chain((of) => {
      const each = <T>(value: (length: number) => fc.Arbitrary<T>) => fc.tuple(...of.map(value));
      return fc.record({
        of: fc.constant(of),
        begin: each((n) => fc.integer({ min: -n - 1, max: n + 1 })),
        end: each((n) => fc.integer({ min: -n - 1, max: n + 1 })),
        strides: each(() => fc.constantFrom(1, 2, 3, -1, -2)),
        beginMask: fc.nat(15),
        endMask: fc.nat(15),
      });
    });
  fc.assert(
    fc.property(drawing, ({ of, ...bounds }) => {
      const { begin, end, strides } = slice_util.sliceInfo(
        of,
        bounds.begin,
        bounds.end,
        bounds.strides,
        bounds.beginMask,
        bounds.endMask,
        0,
        0,
        0,
      );
      fc.pre(begin.every((first, axis) => (end[axis]! - first) * strides[axis]! >= 0)); // the CPU kernel refuses some others
      const attributes = { ...bounds, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
      expectSameAsCpu([{ kernel: "StridedSlice", inputs: { x: wholeNumbers(of) }, attributes }]);
    }),
    { numRuns: 150 },
  );
});

test("a strided slice against its stride is empty", () => {
  const attributes = {
    begin: [-9],
    end: [0],
    strides: [-1],
    beginMask: 0,
    endMask: 0,
    ellipsisMask: 0,
    newAxisMask: 0,
    shrinkAxisMask: 0,
  };
  const [empty] = runOnOnnx({ kernel: "StridedSlice", inputs: { x: numbers([5]) }, attributes });
  expect(empty!.shape).toEqual([0]);
});

test("joining is the CPU backend's, empty pieces included", () => {
  const drawing = ranked.chain((of) =>
    fc.record({
      of: fc.constant(of),
      axis: fc.nat(of.length - 1),
      lengths: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
    }),
  );
  fc.assert(
    fc.property(drawing, ({ of, axis, lengths }) => {
      const pieces = lengths.map((n, i) => numbers(of.with(axis, n), i));
      const equal = lengths.map((_, i) => numbers(of, i));
      expectSameAsCpu([
        { kernel: "Concat", inputs: list(...pieces), attributes: { axis } },
        { kernel: "Pack", inputs: list(...equal), attributes: { axis } },
      ]);
    }),
    { numRuns: 80 },
  );
});

test("padding is the CPU backend's", () => {
  const drawing = fc.array(length(5), { minLength: 1, maxLength: 4 }).chain((of) => {
    const widths = (least: number) =>
      fc.tuple(...of.map((n) => fc.tuple(fc.nat(Math.min(3, n - least)), fc.nat(Math.min(3, n - least)))));
    return fc.record({ of: fc.constant(of), paddings: widths(-3), reflected: widths(1), mirrored: widths(0) });
  });
  fc.assert(
    fc.property(drawing, ({ of, paddings, reflected, mirrored }) => {
      const x = numbers(of);
      expectSameAsCpu([
        { kernel: "PadV2", inputs: { x }, attributes: { paddings, constantValue: 1.5 } },
        { kernel: "PadV2", inputs: { x: wholeNumbers(of) }, attributes: { paddings, constantValue: 0 } },
        { kernel: "MirrorPad", inputs: { x }, attributes: { paddings: reflected, mode: "reflect" } },
        { kernel: "MirrorPad", inputs: { x }, attributes: { paddings: mirrored, mode: "symmetric" } },
      ]);
    }),
    { numRuns: 80 },
  );
});

test("blocks between space, batch and depth are the CPU backend's", () => {
  const drawing = fc.record({
    batch: length(2),
    blockShape: fc.array(length(3), { minLength: 1, maxLength: 2 }),
    inner: fc.tuple(length(3), length(3)),
    channels: length(3),
    crop: fc.nat(1),
  });
  fc.assert(
    fc.property(drawing, ({ batch, blockShape, inner, channels, crop }) => {
      const lengths = blockShape.map((_, i) => inner[i]! + 1);
      const block = blockShape.reduce((product, n) => product * n, 1);
      const merged = numbers([batch * block, ...lengths, channels]);
      const crops = blockShape.map((n, i) => [crop % Math.max(1, lengths[i]! * n), 0]);
      const paddings = blockShape.map((n, i) => [1, (n - ((lengths[i]! + 1) % n)) % n]);
      const size = blockShape[0]!;
      const deep = numbers([batch, ...inner, size * size * channels]);
      expectSameAsCpu([
        { kernel: "BatchToSpaceND", inputs: { x: merged }, attributes: { blockShape, crops } },
        { kernel: "SpaceToBatchND", inputs: { x: merged }, attributes: { blockShape, paddings } },
        { kernel: "DepthToSpace", inputs: { x: deep }, attributes: { blockSize: size, dataFormat: "NHWC" } },
      ]);
    }),
    { numRuns: 60 },
  );
});

test("all of them become nodes of the graph", () => {
  const x = numbers([2, 3]);
  const calls: Call[] = [
    { kernel: "Transpose", inputs: { x }, attributes: { perm: [1, 0] } },
    { kernel: "Slice", inputs: { x }, attributes: { begin: [0, 1], size: [2, 1] } },
    { kernel: "Concat", inputs: list(x, x), attributes: { axis: 0 } },
    { kernel: "Tile", inputs: { x }, attributes: { reps: [1, 2] } },
    { kernel: "PadV2", inputs: { x }, attributes: { paddings: [[0, 1], [1, 0]], constantValue: 0 } }, // biome-ignore format: one line
  ];
  for (const call of calls) expect(isInGraph(call), call.kernel).toBe(true);
});
