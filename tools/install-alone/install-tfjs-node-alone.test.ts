/** A program of tfjs-node's runs with one name changed: the packed tarballs in an empty folder, by `require` and by `import`. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmptyFolder, emptyFolder, root } from "./empty-folder.js";

const packages = ["kernels", "tfjs-backend-onnx", "core", "tfjs-node"];

interface Told {
  readonly backend: string;
  readonly sum: number;
  readonly history: Record<string, number[]>;
  readonly probabilities: number[][];
  readonly furthest: number;
  readonly picture: number;
  readonly version: string;
}

let place: EmptyFolder;
let program: string;
beforeAll(async () => {
  place = await emptyFolder();
  for (const name of packages) await place.pack(name);
  await place.install(...packages.map(place.tarball));
  program = await readFile(join(root, "tools/install-alone/tfjs-node-mlp.cjs"), "utf8");
}, 480_000); // TensorFlow.js is large
afterAll(() => place.remove());

const THEIRS = 'require("@tensorflow/tfjs-node")';
const IN_MODULES = 'import * as tf from "@autodidact/tfjs-node"';

test.each([
  ["require", "mlp.cjs", (text: string) => text.replace(THEIRS, 'require("@autodidact/tfjs-node")')],
  ["import", "mlp.mjs", (text: string) => text.replace(`const tf = ${THEIRS}`, IN_MODULES)],
])(
  "by %s it trains, saves, loads and draws, with the CPU backend's numbers",
  { timeout: 240_000 },
  async (_, file, changed) => {
    const text = changed(program);
    const told = await run(file, text);
    const onCpu = await run(
      `cpu-${file}`,
      text.replace("async function main() {", '$&\n  await tf.setBackend("cpu");'),
    );

    expect(told).toMatchObject({ backend: "onnx", sum: 3, furthest: 0, picture: 0, version: "4.22.0" });
    expect(onCpu.backend).toBe("cpu");
    expect(Object.keys(told.history).sort()).toEqual(["acc", "loss", "val_acc", "val_loss"]);
    for (const [name, values] of Object.entries(told.history)) expectClose(values, onCpu.history[name]!);
    for (const [i, row] of told.probabilities.entries()) expectClose(row, onCpu.probabilities[i]!);
    expect(told.history.loss!.at(-1)).toBeLessThan(told.history.loss![0]!);
  },
);

test("whole is what default imports, TypeScript's interop and the engine's own module find", async () => {
  const asked = ["node", "io", "version", "tensor", "layers", "loadGraphModel", "data", "useOnnx"];
  const text = `
    import { createRequire } from "node:module";
    import byDefault, * as byStar from "@autodidact/tfjs-node";
    const required = createRequire(import.meta.url)("@autodidact/tfjs-node");
    const interop = required.__esModule ? required.default : required;
    const lacking = ${JSON.stringify(asked)}.filter((name) => [byDefault, byStar, required, interop].some((tf) => !tf[name]));
    console.log(JSON.stringify({ lacking, isOne: byDefault.tensor === required.tensor, node: Object.keys(required.node).length, named: byStar["module.exports"] === required }));`;
  expect(await run("whole.mjs", text)).toEqual({ lacking: [], isOne: true, node: 12, named: true }); // by that name Node 23 finds it
});

async function run(file: string, text: string): Promise<Told> {
  await writeFile(join(place.folder, file), text);
  const output = await place.run("node", [file]);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Told;
}

function expectClose(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4);
}
