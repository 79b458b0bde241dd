/**
 * The command `autodidact`. Exit codes: 0 done, 1 failed, 2 asked wrongly, 128 + n ended by signal n.
 */
import process from "node:process";
import { Interrupted } from "@autodidact/core";
import { CommanderError } from "commander";
import pc from "picocolors";
import { errorText } from "./error-text.js";
import { exitCodeOf } from "./exit-code.js";
import { watchOutput } from "./lost-output.js";
import { program } from "./program.js";
import { withAdvice } from "./system-errors.js";

const debug = process.argv.includes("--debug");

watchOutput();

try {
  await (await program()).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (error instanceof Error && !(error instanceof CommanderError) && !(error instanceof Interrupted)) {
    process.stderr.write(
      `${pc.red("error:")} ${debug ? (error.stack ?? error.message) : errorText(withAdvice(error))}\n`,
    );
    if (!debug && process.exitCode === 1) process.stderr.write(pc.dim("Once more with --debug shows where.\n"));
  }
}
