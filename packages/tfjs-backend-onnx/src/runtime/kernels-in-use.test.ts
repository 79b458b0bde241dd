import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKernels } from "@autodidact/kernels";
import { afterAll, expect, test } from "vitest";
import { bundledLibrary, startOnnx } from "../use-onnx.js";

const folder = mkdtempSync(join(tmpdir(), "autodidact-kernels-"));
afterAll(() => rmSync(folder, { recursive: true }));
const found = findKernels();

test("kernels that are there are used, and say what they are", ({ skip }) => {
  if ("absent" in found) return skip(`no kernels: ${found.absent}`);
  const { kernels } = startOnnx({ threads: 2 });
  expect(kernels).toEqual({ ...found, instructions: expect.stringMatching(/^(avx2\+fma|avx512|neon|plain)$/) });
  expect(startOnnx({ threads: 2, kernels: found.path }).kernels).toMatchObject({
    ...found,
    from: "the path given",
  });
});

test("none are used where they are switched off, and it is said", () => {
  const { kernels, lazy } = startOnnx({ threads: 2, kernels: false });
  expect(kernels).toMatchObject({ absent: "switched off" });
  expect(lazy.runtime.options.kernelLibrary).toBeUndefined();
});

test("a file that is no library, and a library that is another, are errors with a way out", () => {
  const file = join(folder, "kernels.so");
  const wayOut = "train without kernels: useOnnx({ kernels: false }), --no-kernels";
  expect(() => startOnnx({ kernels: file })).toThrow(`library ${file} cannot be used`); // not there
  writeFileSync(file, "no library");
  expect(() => startOnnx({ kernels: file })).toThrow(wayOut);
  expect(() => startOnnx({ kernels: bundledLibrary() })).toThrow(
    /cannot be used: .*autodidact_kernels_description.*Install @autodidact\/kernels again/,
  );
});
