/**
 * Which store: the option of every command that reads or fills one.
 */
import { stat } from "node:fs/promises";
import { UsageError } from "@autodidact/core";
import { openStore, type ResultStore } from "@autodidact/evaluate";
import { Option } from "commander";

export const storeOption = () =>
  new Option("--store <folder>", "of the results: cells.jsonl and predictions/").default("bench");

/** A store that is to be read must be there. */
export async function existingStore(folder: string): Promise<ResultStore> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UsageError(`--store ${folder} must be the folder of a store, and is none. bench run makes one.`);
  return openStore(folder);
}

/** A sentence for each line of the journal that cannot be read. */
export function describeDamage({ damaged }: Pick<ResultStore, "damaged">): string[] {
  return damaged.map(
    ({ line, reason }) =>
      `cells.jsonl, line ${line}, cannot be read and is left out (${reason.split("\n")[0]}). A run that was killed leaves such a line; its cell is run again.`,
  );
}
