/**
 * `npm run bench -- NAME`: the benches by name.
 */
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { benchEngine, type EngineOptions } from "./engine.js";

const program = new Command("bench").description(
  "Measures Autodidact against its peers, in alternation, on this machine.",
);

program
  .command("engine")
  .description("matrix products and training steps: backend onnx, TensorFlow.js's other backends, PyTorch")
  .option("--python <path>", "a Python with torch: enters PyTorch")
  .option("--tfjs-node <folder>", "built by tools/tfjs-node/build.ts: enters tfjs-node")
  .option("--rounds <n>", "turns each contender takes", whole, 5)
  .option("--threads <n>", "threads each contender computes with", whole, availableParallelism())
  .option("--provider <name>", "ONNX Runtime's execution provider")
  .option("--only <parts...>", "cells whose work/contender contains one of these: transformer/ simclr-16/onnx")
  .option("--json <file>", "writes one record a contender")
  .action(async (options: EngineOptions) => {
    if (!(await benchEngine(options))) process.exitCode = 1;
  });

await program.parseAsync();

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
