/**
 * The command `autodidact`. Exit codes: 0 done, 1 failed, 2 asked wrongly, 128 + n ended by signal n.
 */
import process from "node:process";
import { CommanderError } from "commander";
import pc from "picocolors";
import { errorText } from "./error-text.js";
import { program } from "./program.js";
import { Interrupted } from "./signals.js";
import { UsageError } from "./usage-error.js";

const debug = process.argv.includes("--debug");

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(141); // who reads has seen enough: `| head`. 128 + SIGPIPE, as other programs
  });
}

try {
  await (await program()).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (error instanceof Error && !(error instanceof CommanderError) && !(error instanceof Interrupted)) {
    process.stderr.write(`${pc.red("error:")} ${debug ? (error.stack ?? error.message) : errorText(error.message)}\n`);
    if (!debug && !(error instanceof UsageError)) process.stderr.write(pc.dim("Once more with --debug shows where.\n"));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
  if (error instanceof UsageError) return 2;
  if (error instanceof Interrupted) return error.exitCode;
  return 1;
}
