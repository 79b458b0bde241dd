/** Whole numbers that stay bytes in memory are int32 to everybody who looks. */
import {
  add,
  cast,
  engine,
  mul,
  type NamedTensorMap,
  scalar,
  sum,
  type Tensor,
  tensor,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { beforeEach, expect, test } from "vitest";
import type { OnnxBackend } from "./backend.js";
import { compile } from "./compile.js";
import { useOnnx } from "./use-onnx.js";

let backend: OnnxBackend;
beforeEach(async () => {
  backend = await useOnnx({ threads: 1, spin: false, interpret: false });
});

const bytes = (values: number[], shape = [values.length]): Tensor =>
  engine().runKernel("Bytes", {}, { values: Uint8Array.from(values), shape } as never);

test("they take a byte each, and are read as int32", () => {
  const before = backend.stats().bytes.lent;
  const x = bytes(new Array(4096).fill(200), [64, 64]);
  expect(backend.stats().bytes.lent - before).toBe(4096);
  expect([x.dtype, x.shape, x.dataSync().constructor, x.dataSync()[4095]]).toEqual([
    "int32",
    [64, 64],
    Int32Array,
    200,
  ]);
  x.dispose();
  expect(backend.stats().bytes.lent).toBe(before);
  expect(Array.from(bytes([7]).dataSync())).toEqual([7]);
});

test("arithmetic is that of int32: it does not end at 255", () => {
  const results = tidy(() => {
    const x = bytes([255, 3]);
    return [add(x, x), mul(x, x), cast(x, "float32"), cast(x, "bool"), sum(x)].map((y) => [y.dtype, ...y.dataSync()]);
  });
  expect(results).toEqual([
    ["int32", 510, 6],
    ["int32", 65025, 9],
    ["float32", 255, 3],
    ["bool", 1, 1],
    ["int32", 258],
  ]);
});

test("the same program on int32 is another graph", () => {
  const twice = (x: Tensor) => tidy(() => Array.from(add(x, x).dataSync()));
  const wide = [1000, -1000];
  expect([twice(bytes([200, 1])), twice(tensor(wide, [2], "int32")), twice(bytes([3, 4]))]).toEqual([
    [400, 2],
    [2000, -2000],
    [6, 8],
  ]);
});

test("a compiled step takes bytes and int32", async () => {
  const step = compile(({ x }: NamedTensorMap) => ({ y: add(x!, scalar(1, "int32")) }));
  const run = async (x: Tensor) => Array.from(await (await step({ x })).y!.data());
  expect(await run(bytes([255, 0]))).toEqual([256, 1]);
  expect(await run(tensor([1000, -5], [2], "int32"))).toEqual([1001, -4]);
  expect(await run(bytes([9, 8]))).toEqual([10, 9]);
});

test("a variable that begins as bytes, or becomes bytes, holds any int32 after a step", async () => {
  const count = variable(bytes([255, 0]));
  const step = compile(() => {
    count.assign(add(count, scalar(1000, "int32")));
    return { y: add(count, scalar(0, "int32")) };
  });
  const run = async () => Array.from(await (await step({})).y!.data());
  expect([await run(), await run()]).toEqual([
    [1255, 1000],
    [2255, 2000],
  ]);
  count.assign(bytes([1, 2]));
  expect(await run()).toEqual([1001, 1002]);
});

test("too few bytes are refused", () => {
  expect(() => bytes([1, 2], [3])).toThrow("Bytes: there must be 3 bytes for the shape [3], got 2.");
});
