/** Processes and threads end by themselves, whatever the engine still holds; backends may be changed under tensors. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "../dist/gradients.js";
import { expect, test } from "vitest";
import { useOnnx } from "./use-onnx.js";

const script = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url));

/** What a process wrote that ended by itself, with exit code 0. */
async function run(...args: string[]): Promise<string> {
  const quiet = "--disable-warning=ExperimentalWarning"; // that a module is required
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [quiet, ...args], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    timeout: 60_000,
  });
  expect(stderr).toBe("");
  return stdout;
}

test.each(["compiled", "interpreted"])("a process ends by itself while tensors live: %s", async (tier) => {
  expect(await run(script("live-tensors.cjs"), tier)).toBe("");
});

test("two workers compute at once what the main thread does, and are terminated in the middle of their work", async () => {
  const { computed, codes, wentOn } = JSON.parse(await run(script("in-workers.cjs")));
  expect(computed[0].every(Number.isFinite)).toBe(true);
  expect(computed[1]).toEqual(computed[0]);
  expect(computed[2]).toEqual(computed[0]);
  expect({ codes, wentOn }).toEqual({ codes: [1, 1], wentOn: true });
});

test.each([
  [
    "a CommonJS program",
    "commonjs",
    'const tf = require("@tensorflow/tfjs-core"); const { useOnnxSync } = require("@autodidact/tfjs-backend-onnx");',
  ],
  [
    "a module",
    "module",
    'import * as tf from "@tensorflow/tfjs-core"; import { useOnnxSync } from "@autodidact/tfjs-backend-onnx";',
  ],
])("%s calls operations in the line after", async (_, type, imports) => {
  const program = `${imports}
    const { kernels } = useOnnxSync({ threads: 1 });
    console.log(tf.getBackend(), tf.add([1, 2], 1).arraySync());`;
  expect(await run(`--input-type=${type}`, "-e", program)).toBe("onnx [ 2, 3 ]\n");
});

test("a training goes on over changes of the backend, with its variables, slots and pending tensors", async () => {
  const backend = await useOnnx({ threads: 1, spin: false, interpret: false });
  const train = async (backends: readonly string[]) => {
    await tf.setBackend(backends[0]!);
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const w = tf.tidy(() => tf.variable(tf.tensor2d([0.5, -1], [2, 1])));
    const optimizer = tf.train.adam(0.1);
    const sums: tf.Tensor[] = [];
    for (const name of backends) {
      await tf.setBackend(name);
      optimizer.minimize(() => tf.mean(tf.square(tf.matMul(x, w as tf.Tensor2D))));
      sums.push(tf.sum(w)); // pending where the next backend takes over
    }
    const values = [...w.dataSync(), ...sums.flatMap((sum) => [...sum.dataSync()])];
    tf.dispose([x, w, ...sums]);
    optimizer.dispose();
    return values;
  };
  await train(["onnx"]);
  const before = { ...tf.memory(), ids: backend.numDataIds() };
  const mixed = await train(["onnx", "cpu", "onnx", "onnx", "cpu", "cpu", "onnx"]);
  expect({ ...tf.memory(), ids: backend.numDataIds() }).toEqual(before);
  for (const [i, value] of (await train(["cpu", "cpu", "cpu", "cpu", "cpu", "cpu", "cpu"])).entries())
    expect(mixed[i]).toBeCloseTo(value, 5);
});
