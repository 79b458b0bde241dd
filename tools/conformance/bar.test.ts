import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { failuresBeside, flawlessOnOnnx, shortfalls } from "./bar.js";
import type { TestResult } from "./run-suite.js";

const passing = (many: number): TestResult[] =>
  Array.from({ length: many }, (_, i) => ({ name: `abs ${i}`, file: "ops/abs", status: "passed", milliseconds: 1 }));
const failing = (file: string): TestResult => ({ name: `a test of ${file}`, file, status: "failed", milliseconds: 1 });

test("enough passed and failures only where they may be: no shortfall", () => {
  expect(shortfalls("core", "onnx", [...passing(4150), failing("ops/string/string_split")], true)).toEqual([]);
});

test("one passed test too few is named", () => {
  expect(shortfalls("core", "onnx", passing(4149), true)).toEqual(["at least 4150 tests must pass, 4149 did."]);
});

test.each(["ops/conv2d", "ops/arithmetic", "ops/fused/fused_mat_mul", "gradients", "optimizers/adam_optimizer", ""])(
  "a failure in %j is a shortfall, however many passed",
  (file) => {
    expect(shortfalls("core", "onnx", [...passing(4200), failing(file)], true)).toEqual([
      "1 failed where none may:",
      `  a test of ${file}`,
    ]);
  },
);

test("the cpu backend may fail nothing", () => {
  expect(shortfalls("core", "cpu", [...passing(4227), failing("ops/string/string_split")], true)).toHaveLength(2);
});

test("a filtered run answers for its failures, not for the count", () => {
  expect(shortfalls("core", "onnx", passing(3), false)).toEqual([]);
  expect(shortfalls("core", "onnx", [...passing(3), failing("ops/string/string_split")], false)).toHaveLength(1);
});

test("of layers and data a failure is one that the cpu backend does not have", () => {
  const record = (backend: string, names: string[]) => ({
    backend,
    passed: 1,
    failed: names.length,
    skipped: 0,
    seconds: 1,
    failures: names.map((name) => ({ name, file: "models" })),
  });
  const cpu = record("cpu", ["fit cpu {} loses", "a plain test"]);
  const own = record("onnx", ["fit onnx {} loses", "a plain test", "fit onnx {} wins"]);
  expect(failuresBeside(cpu, own).map(({ name }) => name)).toEqual(["fit onnx {} wins"]);
  expect(shortfalls("layers", "onnx", [failing("models")], true)).toEqual([]);
  expect(shortfalls("layers", "onnx", [], true)).toHaveLength(1);
});

test("a run of nothing is a shortfall", () => {
  expect(shortfalls("core", "onnx", [], false)).toHaveLength(1);
});

test("every flawless prefix names test files of tfjs-core", () => {
  const dist = join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/package.json")), "dist");
  const testFiles = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith("_test.js"));
  expect(flawlessOnOnnx.filter((prefix) => !testFiles.some((path) => path.startsWith(prefix)))).toEqual([]);
});
