/**
 * Every command that computes: its options, and what it works with.
 */
import process from "node:process";
import type { LiveLine } from "@autodidact/core";
import { chooseEngine, type EngineDescription, type EngineName, type Provider } from "@autodidact/core";
import { type Command, Option } from "commander";
import { liveLine } from "./live-line.js";
import { wholeNumber } from "./option-values.js";
import { watchSignals } from "./signals.js";

export interface EngineChoice {
  engine: EngineName | "auto";
  provider?: Provider;
  threads?: number;
  /** False after --no-kernels. */
  kernels?: boolean;
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
    .addOption(new Option("--threads <n>", "of the processor (default: all)").argParser(wholeNumber()))
    .addOption(new Option("--no-kernels", "onnx on the CPU without its training kernels (slower)"));
}

/** Starts the engine and says which. */
export async function startEngine(
  { engine, provider, threads, kernels }: EngineChoice,
  say: (text: string) => void,
): Promise<EngineDescription> {
  const started = await chooseEngine({ engine, provider, threads, kernels });
  const count = started.threads === null ? "" : `, ${started.threads} threads`;
  const using = kernelsInShort(started);
  say(
    `engine: ${started.name} on ${started.provider}${count}${using && `, ${using}`} (${started.version}; ${started.why})`,
  );
  return started;
}

/** What a command at work has. */
export interface Session {
  readonly engine: EngineDescription;
  /** The live line of the standard error. */
  readonly line: LiveLine;
  /** Fires at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Does the work on a started engine; leaves the terminal as it was. */
export async function inSession(choice: EngineChoice, work: (session: Session) => Promise<void>): Promise<void> {
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const engine = await startEngine(choice, (text) => line.print(text));
    await work({ engine, line, signal: watch.signal });
  } finally {
    line.end();
    watch.release();
  }
}

/** "kernels avx2+fma"; empty where the engine has none to offer. */
export function kernelsInShort({ kernels, provider }: EngineDescription): string {
  if (kernels === null || provider !== "cpu") return "";
  return "absent" in kernels ? `no kernels: ${kernels.absent}` : `kernels ${kernels.instructions}`;
}
