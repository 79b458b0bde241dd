/**
 * `npm run bench -- NAME`: the benches by name.
 */
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { benchEndToEnd, type EndToEndOptions } from "./end-to-end.js";
import { benchExamples, type ExamplesOptions } from "./examples.js";
import type { LearnedOptions } from "./learned/bench-learned.js";
import { benchSimclr, type SimclrOptions } from "./simclr.js";
import { benchSpeechTable } from "./speech-table.js";
import { SPEECH_WORKS } from "./steps/speech-works.js";
import { ENGINE_WORKS, TEXT_WORKS, VISION_WORKS } from "./steps/works.js";
import { benchSteps, type StepsOptions } from "./steps.js";
import { benchTensorflowJs, type TensorflowJsOptions } from "./tensorflow-js.js";
import { benchVisionTable, type VisionTableOptions } from "./vision-table.js";

const program = new Command("bench").description(
  "Measures Autodidact against its peers, in alternation, on this machine.",
);

const steps = [
  {
    name: "engine",
    description: "matrix products and training steps: backend onnx, TensorFlow.js's other backends, PyTorch",
    works: ENGINE_WORKS,
  },
  { name: "text", description: "language models' training steps: @autodidact/text, PyTorch", works: TEXT_WORKS },
  {
    name: "vision",
    description: "training steps of methods for images: @autodidact/vision, PyTorch",
    works: VISION_WORKS,
  },
  {
    name: "speech",
    description: "training steps of methods for speech, and spectrograms: @autodidact/speech, PyTorch",
    works: SPEECH_WORKS,
  },
];
for (const { name, description, works } of steps) {
  program
    .command(name)
    .description(description)
    .option(
      "--python <path>",
      "a Python with torch (for text and vision also transformers, for speech torchaudio): enters PyTorch",
    )
    .option("--tfjs-node <folder>", "built by tools/tfjs-node/build.ts: enters tfjs-node")
    .option("--rounds <n>", "turns each contender takes", whole, 5)
    .option(
      "--sittings <n>",
      "times that contenders are started anew and take as many turns, the last one first",
      whole,
      1,
    )
    .option("--threads <n>", "threads each contender computes with", whole, availableParallelism())
    .option("--provider <name>", "ONNX Runtime's execution provider")
    .option("--before <folder>", "another checkout of this repository, built: enters its contenders beside ours")
    .option("--only <parts...>", "cells whose work/contender contains one of these: transformer/ simclr-16/onnx")
    .option("--json <file>", "writes one record a contender")
    .action(async (options: StepsOptions) => {
      if (!(await benchSteps(works, options))) process.exitCode = 1;
    });
}

program
  .command("tensorflow-js")
  .description("programs written for TensorFlow.js, model.fit among them: backend onnx, TensorFlow.js's CPU backend")
  .option("--rounds <n>", "turns each contender takes", whole, 5)
  .option("--threads <n>", "threads backend onnx computes with", whole, availableParallelism())
  .option("--only <parts...>", "cells whose work/contender contains one of these: fit-200/ lstm/onnx")
  .option("--json <file>", "writes one record a contender")
  .action(async (options: TensorflowJsOptions) => {
    if (!(await benchTensorflowJs(options))) process.exitCode = 1;
  });

program
  .command("examples")
  .description("programs written for tfjs-node: an epoch on backends onnx, cpu and wasm, and on tfjs-node itself")
  .option("--tfjs-node <folder>", "built by tools/tfjs-node/build.ts: enters tfjs-node")
  .option("--rounds <n>", "turns each contender takes", whole, 3)
  .option("--threads <n>", "threads backend onnx and tfjs-node compute with", whole, availableParallelism())
  .option("--only <parts...>", "cells whose work/contender contains one of these: mnist-convnet/ jena-weather/onnx")
  .option("--json <file>", "writes one record a contender")
  .action(async (options: ExamplesOptions) => {
    if (!(await benchExamples(options))) process.exitCode = 1;
  });

program
  .command("end-to-end")
  .description("SimCLR from image files, as @autodidact/vision trains it and as lightly does: images/s")
  .requiredOption("--data <folder>", "of images, one folder a class: CIFAR-10's train")
  .option("--python <path>", "a Python with torch, torchvision and lightly: enters the peer")
  .option("--peer-modes <names...>", "how PyTorch runs", ["eager", "channels_last", "compile"])
  .option("--width <n>", "channels of the encoder's first stage", whole, 16)
  .option("--rounds <n>", "turns each contender takes", whole, 5)
  .option("--batches <n>", "batches measured in a turn", whole, 12)
  .option("--threads <n>", "threads each contender computes with", whole, availableParallelism())
  .option("--json <file>", "writes one record a contender")
  .action(async (options: EndToEndOptions) => {
    if (!(await benchEndToEnd(options))) process.exitCode = 1;
  });

program
  .command("simclr")
  .description(
    "one pretraining recipe on CIFAR-10, by `autodidact pretrain simclr` and by PyTorch: epoch time, accuracy",
  )
  .requiredOption("--data <folder>", "holds train/<class>/* and test/<class>/*")
  .option("--python <path>", "a Python with torch and pillow: runs the peer")
  .option("--epochs <n>", "passes over the data", whole, 20)
  .option("--per-class <n>", "training images of each class", whole, 1000)
  .option("--width <n>", "channels of the encoder's first stage", whole, 16)
  .option("--seed <n>", "of both", whole, 1)
  .option("--threads <n>", "threads both compute with", whole, availableParallelism())
  .option("--engine <name>", "of autodidact", "onnx")
  .addOption(
    new Option("--peer-mode <name>", "how PyTorch runs")
      .choices(["eager", "channels_last", "compile"])
      .default("compile"),
  )
  .addOption(new Option("--only <side>", "run one side").choices(["autodidact", "pytorch"]))
  .option("--out <folder>", "keeps the run there")
  .option("--json <file>", "the records", "benchmarks/results/simclr.json")
  .action(async (options: SimclrOptions) => {
    if (!(await benchSimclr(options))) process.exitCode = 1;
  });

learned("speech-table", "what each method for speech learns from spoken digits of unseen speakers, by the command", {
  epochs: 60,
  data: "the Free Spoken Digit Dataset: {digit}_{speaker}_{index}.wav",
}).action(async (options: LearnedOptions) => benchSpeechTable(options));

learned("vision-table", "what each method for images learns from CIFAR-10, by the command", {
  epochs: 20,
  data: "holds train/<class>/* and test/<class>/*",
})
  .option("--per-class <n>", "training images of each class", whole, 1000)
  .action(async (options: VisionTableOptions) => benchVisionTable(options));

await program.parseAsync();

function learned(name: string, description: string, usual: { epochs: number; data: string }): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption("--data <path>", usual.data)
    .requiredOption("--out <folder>", "of the runs and records; what is there already is not done again")
    .option("--methods <names...>", "some of them")
    .option("--seeds <n>", "pretraining runs of each", whole, 1)
    .option("--epochs <n>", "passes over the data", whole, usual.epochs)
    .option("--threads <n>", "threads of the command", whole, availableParallelism())
    .option("--engine <name>", "of the command", "onnx")
    .option("--json <file>", "writes one row a measurement, and a plot of them beside it, .svg");
}

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
