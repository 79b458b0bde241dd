/**
 * `node --import tsx empty-tensors.ts on|off`: every kernel with axes of length zero, on this backend and on TensorFlow.js's CPU
 * backend. Writes a line before each call, so that a crash has a name, and a line for each difference.
 */
import { writeSync } from "node:fs";
import "@tensorflow/tfjs-backend-cpu";
import { env, setBackend } from "@tensorflow/tfjs-core";
import { useOnnx } from "../use-onnx.js";
import { type Call, runCalls } from "./same-as-cpu.js";
import { callOf, lettersOf, samples } from "./sample-calls.js";

/** The result, or that there is none: what is refused is refused in whatever words. */
function outcome(backend: string, call: Call): string {
  setBackend(backend);
  try {
    const results = runCalls([call]);
    return results
      .map(({ dtype, shape, values }) => `${dtype}[${shape}] ${Array.from(values, (value) => value.toPrecision(4))}`)
      .join("; ");
  } catch {
    return "refused";
  }
}

env().set("IS_TEST", true);
await useOnnx({ threads: 1, spin: false, interpret: false, kernels: process.argv[2] === "on" });
let calls = 0;
for (const sample of samples) {
  const letters = lettersOf(sample);
  for (const zero of [...letters.map((letter) => [letter]), letters]) {
    const call = callOf(sample, Object.fromEntries(zero.map((letter) => [letter, 0])));
    const name = `${call.kernel} ${JSON.stringify(sample.inputs)} ${JSON.stringify(call.attributes)} with ${zero.join(" = ")} = 0`;
    writeSync(1, `call ${name}\n`);
    const [got, expected] = [outcome("onnx", call), outcome("cpu", call)];
    if (got !== expected) writeSync(1, `differs ${name}: must be ${expected}, got ${got}\n`);
    calls += 1;
  }
}
writeSync(1, `done ${calls}\n`);
