/**
 * Where an npm package lies: those of the quickstart hold data, or what makes it.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { isMissing } from "./modalities.js";

/** Undefined where it is not installed. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}
