import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { bundleSuite } from "./bundle.js";
import { nameOf, openSuite } from "./suites.js";

test("core's tests come from its package", async () => {
  const { files } = await openSuite("core");
  expect(files.map((file) => basename(file))).toEqual(["tests.js"]);
});

test("those of layers come from a checkout and import what is installed here", async () => {
  const sources = await mkdtemp(join(tmpdir(), "conformance-"));
  const folder = join(sources, "tfjs-layers", "src");
  await mkdir(join(folder, "layers"), { recursive: true });
  await writeFile(join(folder, "layers", "core_test.ts"), `import {add} from "@tensorflow/tfjs-core"; add(1, 2);\n`);
  await writeFile(join(folder, "layers", "core.ts"), "export const unused: number = 1;\n");

  const suite = await openSuite("layers", sources);
  expect(suite.files).toEqual([join(folder, "layers", "core_test.ts")]);
  const outdir = join(sources, "bundle");
  const bundle = await bundleSuite(suite, outdir);
  await import(bundle.tests.href).catch(() => {}); // no backend here
  expect((globalThis as { __conformanceFile?: string }).__conformanceFile).toBe("layers/core");
  await rm(sources, { recursive: true });
});

test("a folder without tests is named", async () => {
  await expect(openSuite("data", tmpdir())).rejects.toThrow(/tfjs-data/);
});

test("a test file is called after what it tests", () => {
  expect(["ops/abs_test.js", "layers/core_test.ts"].map(nameOf)).toEqual(["ops/abs", "layers/core"]);
});
