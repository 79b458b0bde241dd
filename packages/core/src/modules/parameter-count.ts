import type { Module } from "./module.js";

/** How many numbers an optimizer may update; those of a variable that has two names (tied weights) once. */
export function parameterCount({ parameters }: Pick<Module, "parameters">): number {
  return [...new Set(Object.values(parameters))].reduce((sum, { size }) => sum + size, 0);
}
