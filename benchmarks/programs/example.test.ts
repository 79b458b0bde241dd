import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EXAMPLES } from "../examples/works.js";
import { resized } from "./example.js";

const program =
  'import * as tf from "@tensorflow/tfjs-node";\nconst UNITS = 8;\nconst model = tf.dense({ units: UNITS });\n';

test("a constant gets another value, the library comes from a global", () => {
  expect(resized(program, { UNITS: 64 })).toBe(
    "const tf = globalThis.tensorflow;\nconst UNITS = 64;\nconst model = tf.dense({ units: UNITS });\n",
  );
});

test("a constant that is not there is named", () => {
  expect(() => resized(program, { EPOCHS: 3 })).toThrow(/const EPOCHS = NUMBER;/);
  expect(() => resized("const UNITS = 8;", {})).toThrow(/import \* as tf/);
});

test.each(EXAMPLES)("$name has the constants that the bench sets", ({ name, size }) => {
  const file = new URL(`../../packages/tfjs-node/examples/${name}.mjs`, import.meta.url);
  const source = resized(readFileSync(file, "utf8"), size);
  for (const [constant, value] of Object.entries(size)) expect(source).toContain(`const ${constant} = ${value};`);
});
