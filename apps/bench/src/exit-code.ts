/**
 * What the command ends with: 0 done, 1 failed, 2 asked wrongly, 128 + n ended by signal n.
 */
import { Interrupted, UsageError } from "@autodidact/core";
import { CommanderError } from "commander";
import { isOfSystem } from "./system-errors.js";

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
  if (error instanceof UsageError) return isOfSystem(error) ? 1 : 2;
  if (error instanceof Interrupted) return error.exitCode;
  return 1;
}
