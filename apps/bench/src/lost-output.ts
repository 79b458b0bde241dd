/**
 * An output that cannot be written any more: whoever reads it is gone (`| head`), the terminal is closed, its disk is full.
 */
import process from "node:process";
import { interrupt } from "@autodidact/core";

/** Whoever is at work saves what it has and ends; a process without work ends at once. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    let isLost = false;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (isLost) return; // what is still said goes nowhere
      isLost = true;
      outputLost(stream === process.stdout ? "standard output" : "standard error", error);
    });
  }
}

function outputLost(name: string, { code, message }: NodeJS.ErrnoException): void {
  const isAtWork = interrupt(code === "EIO" ? "SIGHUP" : "SIGPIPE");
  if (isAtWork) return;
  if (code === "EPIPE") process.exit(141); // who reads has seen enough. 128 + SIGPIPE, as other programs
  if (name === "standard output") process.stderr.write(`error: the ${name} cannot be written: ${message}\n`);
  process.exit(1);
}
