/** Options of every command that computes. */
import { chooseEngine, type EngineDescription, type EngineName, type Provider } from "@autodidact/core";
import { type Command, Option } from "commander";
import { wholeNumber } from "./option-values.js";

export interface EngineChoice {
  engine: EngineName | "auto";
  provider?: Provider;
  threads?: number;
}

export function addEngineOptions(command: Command): Command {
  return command
    .optionsGroup("Engine:")
    .addOption(
      new Option("--engine <name>", "auto takes tensorflow where it is installed, else onnx")
        .choices(["auto", "onnx", "tensorflow", "cpu"])
        .default("auto"),
    )
    .addOption(
      new Option("--provider <name>", "where the engine computes (default: its own)").choices([
        "cpu",
        "webgpu",
        "cuda",
      ]),
    )
    .addOption(new Option("--threads <n>", "of the processor (default: all)").argParser(wholeNumber()));
}

/** Starts the engine and says which. */
export async function startEngine(
  { engine, provider, threads }: EngineChoice,
  say: (text: string) => void,
): Promise<EngineDescription> {
  const started = await chooseEngine({ engine, provider, threads });
  const count = started.threads === null ? "" : `, ${started.threads} threads`;
  say(`engine: ${started.name} on ${started.provider}${count} (${started.version}; ${started.why})`);
  return started;
}
