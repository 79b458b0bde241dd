/**
 * What stands after `--`: options that every pilot is told, as `pretrain` takes them, and how labelled data is read, as `evaluate` takes it.
 */
import { UsageError } from "@autodidact/core";
import type { Options } from "@autodidact/core/cards";
import { Command, CommanderError } from "commander";
import { addOptions } from "../command-options.js";
import type { Modality } from "../modality.js";
import { flagOf } from "../option-words.js";

/** What the command itself says. */
const SETTLED = new Set(["data", "epochs", "seed"]);

export interface PilotTyped {
  /** Of the options of pretraining by the method. */
  readonly pretrain: Readonly<Record<string, unknown>>;
  /** Of those that say how labelled data is read. */
  readonly reading: Readonly<Record<string, unknown>>;
}

export function pilotTyped(modality: Modality, method: string, words: readonly string[]): PilotTyped {
  const own = without(Object.assign({}, ...Object.values(modality.options(method))), SETTLED);
  const reading = without(modality.advice?.reading ?? {}, SETTLED);
  const command = new Command(method).exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  addOptions(command, own);
  addOptions(command, without(reading, new Set(Object.keys(own))));
  try {
    command.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(
      `after --, options of pretrain ${method} are to stand: ${error.message.replace(/^error: /, "").replace(/\.$/, "")}. ` +
        `--epochs follow from --budget (--steps are the most that a pilot makes); what only some methods have goes with --methods that name these alone.`,
    );
  }
  const typedOf = (options: Options) =>
    Object.fromEntries(
      Object.keys(options)
        .filter((name) => command.getOptionValueSource(name) === "cli")
        .map((name) => [name, command.getOptionValue(name)]),
    );
  return { pretrain: typedOf(own), reading: typedOf(reading) };
}

function without(options: Options, names: ReadonlySet<string>): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name)));
}

/** The same as words. */
export function wordsOf(typed: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(typed).flatMap(([name, value]) => {
    if (value === true) return [flagOf(name)];
    if (value === false) return [flagOf(name).replace("--", "--no-")];
    return [flagOf(name), valueText(value)];
  });
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "object" && value !== null) return Object.values(value).join(","); // a window: center, width
  return String(value);
}
