/** Expected values that tools/oracles/evaluate_oracles.py wrote. */
import { readFileSync } from "node:fs";

export function oracle<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../oracles/${name}.json`, import.meta.url), "utf8")) as T;
}
