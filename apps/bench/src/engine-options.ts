/**
 * Every command that computes: its options, and what it works with.
 */
import process from "node:process";
import {
  chooseEngine,
  describeEngine,
  type EngineName,
  liveLine,
  type Provider,
  type Session,
  watchSignals,
} from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import { type Command, Option } from "commander";
import { addOptions } from "./command-options.js";
import { failureInFlags, lineInFlags } from "./option-words.js";

export interface EngineChoice {
  engine: EngineName | "auto";
  provider?: Provider;
  threads?: number;
  /** False after --no-kernels. */
  kernels?: boolean;
}

export function addEngineOptions(command: Command): Command {
  command
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
    );
  return addOptions(command, { threads: whole("of the processor", { usually: "all" }) }).addOption(
    new Option("--no-kernels", "onnx on the CPU without its training kernels (slower)"),
  );
}

export type { Session };

/** Does the work on a started engine, which it names; leaves the terminal as it was. What the packages say of options is told as the command has them. */
export async function inSession(
  { engine: name, provider, threads, kernels }: EngineChoice,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const engine = await chooseEngine({ engine: name, provider, threads, kernels });
    line.print(`engine: ${describeEngine(engine)}`);
    await work({ engine, line: lineInFlags(line), signal: watch.signal });
  } catch (error) {
    throw failureInFlags(error);
  } finally {
    line.end();
    watch.release();
  }
}
