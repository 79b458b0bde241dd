import type { ResultStore } from "./result-store.js";

/** A sentence for each line of the journal that cannot be read. */
export function describeDamage({ damaged }: Pick<ResultStore, "damaged">): string[] {
  return damaged.map(
    ({ line, reason }) =>
      `cells.jsonl, line ${line}, cannot be read and is left out (${reason.split("\n")[0]}). A run that was killed leaves such a line; its cell is run again.`,
  );
}
