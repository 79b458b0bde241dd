import { expect, test } from "vitest";
import { violations } from "./check.js";

const check = (path: string, text: string) => violations([{ path, text }]);

test.each([
  ["a method imports core", "packages/vision/src/simclr.ts", 'import { mlp } from "@autodidact/core";'],
  [
    "core imports the engine's exported subpath",
    "packages/core/src/engine.ts",
    'import "@autodidact/tfjs-backend-onnx/gradients";',
  ],
  [
    "the app imports every layer",
    "apps/bench/src/main.ts",
    'import "@autodidact/vision"; import "@autodidact/evaluate";',
  ],
  ["tools import the app's packages", "tools/oracles/check.ts", 'import "@autodidact/evaluate";'],
  ["a relative import inside the package", "packages/core/src/losses/nt-xent.ts", 'import { x } from "../module.js";'],
  ["a package of others", "packages/core/src/a.ts", 'import * as tf from "@tensorflow/tfjs-core";'],
  ["a test of a package imports itself by name", "packages/core/src/a.test.ts", 'import "@autodidact/core";'],
  ["chance in a test", "packages/core/src/a.test.ts", "Math.random(); console.log(process.env);"],
  ["the environment in testing/", "packages/core/src/testing/backend.ts", "process.env.AUTODIDACT_TEST_ENGINE;"],
  ["printing in the app", "apps/bench/src/main.ts", "console.log(1);"],
  ["a forbidden name in a comment or a string", "packages/core/src/a.ts", '// Math.random\nconst s = "process.env";'],
  ["a file that is about types of something", "packages/core/src/element-types.ts", ""],
])("allowed: %s", (_, path, text) => {
  expect(check(path, text)).toEqual([]);
});

test.each([
  ["sideways between modalities", "packages/vision/src/a.ts", 'import "@autodidact/text";', "sideways"],
  ["sideways from evaluation", "packages/evaluate/src/a.ts", 'import "@autodidact/vision";', "sideways"],
  ["up, re-exported", "packages/core/src/a.ts", 'export { simclr } from "@autodidact/vision";', "goes up"],
  ["up, as a type", "packages/core/src/a.ts", 'import type { S } from "@autodidact/vision";', "goes up"],
  ["up, as an inline type", "packages/core/src/a.ts", 'let s: import("@autodidact/vision").S;', "goes up"],
  ["up, dynamically", "packages/tfjs-backend-onnx/src/a.ts", 'await import("@autodidact/core");', "goes up"],
  ["up, by require", "packages/core/src/a.ts", 'require("@autodidact/evaluate");', "goes up"],
  ["up from a test", "packages/core/src/a.test.ts", 'import "@autodidact/vision";', "goes up"],
  ["into src by name", "packages/vision/src/a.ts", 'import "@autodidact/core/src/module.js";', "reaches into"],
  ["into dist by name", "packages/vision/src/a.ts", 'import "@autodidact/core/dist/module.js";', "reaches into"],
  ["into src by path", "packages/vision/src/a.ts", 'import "../../core/src/module.js";', "leaves packages/vision"],
  ["a package that is not there", "packages/core/src/a.ts", 'import "@autodidact/helpers";', "is no package"],
  ["Math.random", "packages/core/src/a.ts", "const x = Math.random();", "a.ts:1: Math.random"],
  ["process.env", "packages/core/src/a.ts", '\nprocess["env"].HOME;', "a.ts:2: process.env"],
  ["console.log", "packages/vision/src/a.ts", "console.log(1);", "console.log"],
  ["a drawer in a package", "packages/core/src/utils.ts", "", "named after its idea"],
  ["a drawer in the tools", "tools/x/helpers.mjs", "", "named after its idea"],
  ["a drawer of types", "apps/bench/src/types.ts", "", "named after its idea"],
])("refused: %s", (_, path, text, words) => {
  const found = check(path, text);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(words);
});

test("refuses a dependency that points up, of every kind", () => {
  for (const kind of ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]) {
    const manifest = JSON.stringify({ [kind]: { "@autodidact/vision": "workspace:^" } });
    expect(check("packages/core/package.json", manifest)).toEqual([
      "packages/core/package.json: packages/core must not import packages/vision: that goes up. See ARCHITECTURE.md for the arrows.",
    ]);
    expect(check("apps/bench/package.json", manifest)).toEqual([]);
  }
});
