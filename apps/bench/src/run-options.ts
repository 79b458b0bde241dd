/**
 * Where a run is kept, and how it is continued: options of every command that trains for long.
 */
import { join } from "node:path";
import { assertFree, exists, UsageError } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import type { Command } from "commander";
import { addOptions } from "./command-options.js";
import { resumeCommand } from "./resume-command.js";

export interface RunOptions {
  out?: string;
  resume?: boolean;
  force?: boolean;
  saveEvery?: number;
}

export function addRunOptions(command: Command, { saveEvery }: { saveEvery: string }): Command {
  command
    .optionsGroup("Run:")
    .option("--out <folder>", "of the run (default: runs/METHOD-DATA)")
    .option("--resume", "go on with the run in --out; its settings are taken from there")
    .option("--force", "resume in spite of other data, another engine or another version");
  return addOptions(command, { saveEvery: whole("", { unit: "steps", usually: saveEvery }) });
}

/** Options that may stand beside `--resume`; the others are the run's. */
const KEPT_ON_RESUME = new Set([
  "data",
  "out",
  "resume",
  "force",
  "saveEvery",
  "maxCorrupt",
  "engine",
  "provider",
  "threads",
  "kernels",
  "debug",
]);

export function assertResumable(command: Command, out: string | undefined): asserts out is string {
  if (out === undefined) throw new UsageError("--resume needs the run's folder: --out runs/NAME --resume");
  const strange = Object.keys(command.opts()).filter((name) => isTyped(command, name) && !KEPT_ON_RESUME.has(name));
  if (strange.length > 0) {
    throw new UsageError(
      `--resume takes the run's own settings: leave out ${strange.map((name) => flagOf(command, name)).join(", ")}.`,
    );
  }
}

export async function assertNoRunIn(out: string): Promise<void> {
  if (await exists(join(out, "config.json"))) {
    throw new UsageError(`--out ${out} holds a run already. Go on with it by --resume, or name another folder.`);
  }
  await assertFree(out, { out: "--out" });
}

/** What goes on with the run on the same engine, word for word. */
export function continuation(command: Command, method: string, folder: string): string {
  const options = command.opts<Record<string, unknown>>();
  const same = ["engine", "provider", "threads", "kernels", "data", "saveEvery"]
    .filter((name) => isTyped(command, name) && (name !== "data" || options.resume))
    .flatMap((name) => {
      const value = options[name];
      return [flagOf(command, name), ...(typeof value === "boolean" ? [] : [String(value)])];
    });
  return resumeCommand(method, folder, same);
}

const isTyped = (command: Command, name: string) => command.getOptionValueSource(name) === "cli";
const flagOf = (command: Command, name: string) =>
  command.options.find((option) => option.attributeName() === name)?.long ?? name;
