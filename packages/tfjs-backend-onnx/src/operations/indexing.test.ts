import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, shape } from "../testing/arbitraries.js";
import {
  type Call,
  drawn,
  expectSameAsCpu,
  isInGraph,
  list,
  type Numbers,
  numbers,
  runOnOnnx,
  startBackends,
  wholeNumbers,
} from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const integers = (of: readonly number[], ...values: number[]): Numbers => ({
  shape: of,
  values: Int32Array.from(values),
});

/** The indices are below n and have any shape. */
const below = (n: number, of: readonly number[], seed: number) => drawn(of, [...Array(n).keys()], seed, "int32");

const full = fc.array(length(4), { minLength: 1, maxLength: 4 });

test("gathering along an axis is the CPU backend's, in batches too", () => {
  const drawing = full.chain((of) =>
    fc.record({
      of: fc.constant(of),
      axis: fc.nat(of.length - 1),
      batchDims: fc.nat(of.length - 1),
      indices: shape,
      seed: fc.nat(),
    }),
  );
  fc.assert(
    fc.property(drawing, ({ of, axis, batchDims, indices, seed }) => {
      const plain = { x: numbers(of), indices: below(of[axis]!, indices, seed) };
      const batch = Math.min(axis, batchDims, 1);
      const batched = { x: wholeNumbers(of), indices: below(of[axis]!, [...of.slice(0, batch), 3], seed) };
      expectSameAsCpu([
        { kernel: "GatherV2", inputs: plain, attributes: { axis, batchDims: 0 } },
        { kernel: "GatherV2", inputs: batched, attributes: { axis, batchDims: batch } },
      ]);
    }),
    { numRuns: 100 },
  );
});

test("places by whole coordinates are read and written as on the CPU backend", () => {
  const drawing = full.chain((of) =>
    fc.record({ of: fc.constant(of), depth: length(of.length), n: length(5), seed: fc.nat() }),
  );
  fc.assert(
    fc.property(drawing, ({ of, depth, n, seed }) => {
      const coordinates = Array.from({ length: depth }, (_, axis) => below(of[axis]!, [n], seed + axis).values);
      const indices = integers(
        [n, depth],
        ...Array.from({ length: n * depth }, (_, i) => coordinates[i % depth]![Math.floor(i / depth)]!),
      );
      const updates = numbers([n, ...of.slice(depth)], seed);
      const one = {
        indices: integers([1, depth], ...Array.from(indices.values).slice(0, depth)),
        updates: numbers([1, ...of.slice(depth)], seed),
      };
      expectSameAsCpu([
        { kernel: "GatherNd", inputs: { params: numbers(of), indices }, attributes: {} },
        { kernel: "ScatterNd", inputs: { indices, updates }, attributes: { shape: of } },
        { kernel: "TensorScatterUpdate", inputs: { tensor: numbers(of, seed), ...one }, attributes: {} },
        { kernel: "TensorScatterUpdate", inputs: { tensor: numbers(of, seed), indices, updates }, attributes: {} },
      ]);
    }),
    { numRuns: 80 },
  );
});

test("sums by segment are the CPU backend's; ids outside are dropped", () => {
  const drawing = fc.record({
    rows: fc.nat(6),
    row: shape.filter((of) => of.length < 3),
    segments: length(5),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(drawing, ({ rows, row, segments, seed }) => {
      fc.pre(rows > 0);
      const inputs = {
        x: numbers([rows, ...row], seed),
        segmentIds: drawn([rows], [-1, 0, 1, 2, 3, 4], seed, "int32"),
      };
      expectSameAsCpu([{ kernel: "UnsortedSegmentSum", inputs, attributes: { numSegments: segments } }]);
    }),
    { numRuns: 60 },
  );
});

test("one-hot rows, sorting, searching and diagonals are the CPU backend's", () => {
  const drawing = fc.record({ of: shape.filter((s) => s.length < 4), depth: length(5), k: fc.nat(3), seed: fc.nat() });
  fc.assert(
    fc.property(drawing, ({ of, depth, k, seed }) => {
      const indices = drawn(of, [-2, -1, 0, 1, 2, 3, 9], seed, "int32");
      const oneHot = (dtype: string, onValue: number, offValue: number): Call => ({
        kernel: "OneHot",
        inputs: { indices },
        attributes: { depth, onValue, offValue, dtype },
      });
      const x = drawn([...of, 4], [-2, -0.5, 0.3, 1, 4], seed); // ties
      const sortedSequence = { shape: [2, 3], values: Float32Array.of(-2, 0, 1, 0, 0, 3) };
      const values = drawn([2, depth], [-3, -2, 0, 0.5, 1, 3, 4], seed);
      expectSameAsCpu([
        oneHot("float32", 1, 0),
        oneHot("int32", 3, -2),
        ...(of.includes(0) ? [] : [{ kernel: "TopK", inputs: { x }, attributes: { k: k + 1, sorted: true } }]),
        ...["left", "right"].map((side) => ({
          kernel: "SearchSorted",
          inputs: { sortedSequence, values },
          attributes: { side },
        })),
        ...(of.length < 3 ? [{ kernel: "Diag", inputs: { x: numbers(of) }, attributes: {} }] : []),
      ]);
    }),
    { numRuns: 80 },
  );
});

test("sparse values fill the CPU backend's dense tensor", () => {
  const sparseIndices = integers([2, 2], 0, 1, 2, 0);
  const inputs = {
    sparseIndices,
    sparseValues: numbers([2]),
    defaultValue: { shape: [], values: Float32Array.of(0.5) },
  };
  expectSameAsCpu([
    { kernel: "SparseToDense", inputs, attributes: { outputShape: [3, 2] } },
    {
      kernel: "SparseToDense",
      inputs: { ...inputs, sparseIndices: integers([2], 3, 1) },
      attributes: { outputShape: [4] },
    },
  ]);
});

test("sequences and constants are the CPU backend's", () => {
  const call = (kernel: string, attributes: object): Call => ({ kernel, inputs: {}, attributes });
  expectSameAsCpu([
    call("Range", { start: 0, stop: 7, step: 1, dtype: "int32" }),
    call("Range", { start: 3, stop: 0, step: 1, dtype: "float32" }),
    call("Range", { start: 0.5, stop: 2, step: 0.3, dtype: "float32" }),
    call("Range", { start: 2, stop: 2, step: 1, dtype: "float32" }),
    call("LinSpace", { start: 1, stop: 10, num: 4 }),
    call("Fill", { shape: [2, 3], value: 2.5, dtype: "float32" }),
    call("Fill", { shape: [0, 3], value: 1, dtype: "int32" }),
    call("Fill", { shape: [], value: 1, dtype: "bool" }),
  ]);
});

test("Einstein sums are the CPU backend's", () => {
  const call = (equation: string, ...shapes: number[][]): Call => ({
    kernel: "Einsum",
    inputs: list(...shapes.map(numbers)),
    attributes: { equation },
  });
  expectSameAsCpu([
    call("ij,jk->ik", [2, 3], [3, 4]),
    call("bij,bkj->bik", [2, 3, 4], [2, 5, 4]),
    call("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
    call("ij->ji", [2, 3]),
    call("ij->", [2, 3]),
    call("i,j->ij", [2], [3]),
    call("abc,cd->abd", [2, 1, 3], [3, 1]),
  ]);
});

test("indices out of range are refused, as far as they are known", () => {
  const gather = (index: number) => () =>
    runOnOnnx({
      kernel: "GatherV2",
      inputs: { x: numbers([3]), indices: integers([2], 0, index) },
      attributes: { axis: 0 },
    });
  expect(gather(3)).toThrow("GatherV2: the index value 3 is not in [0, 2]");
  expect(gather(-1)).toThrow("GatherV2: the index value -1 is not in [0, 2]");
  expect(gather(2)).not.toThrow();
});

test("all of them become nodes of the graph", () => {
  const x = numbers([2, 3]);
  const calls: Call[] = [
    { kernel: "GatherV2", inputs: { x, indices: integers([2], 0, 1) }, attributes: { axis: 1 } },
    {
      kernel: "OneHot",
      inputs: { indices: integers([2], 0, 1) },
      attributes: { depth: 3, onValue: 1, offValue: 0, dtype: "float32" },
    },
    { kernel: "UnsortedSegmentSum", inputs: { x, segmentIds: integers([2], 0, 1) }, attributes: { numSegments: 3 } },
    { kernel: "TopK", inputs: { x }, attributes: { k: 2, sorted: true } },
  ];
  for (const call of calls) expect(isInGraph(call), call.kernel).toBe(true);
});
