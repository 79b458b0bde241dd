/**
 * All that was measured of a benchmark, in a folder: cells.jsonl, a journal that is only added to, and predictions/, files by their hash.
 *
 * The journal is the truth; whatever is made of it can be made again. A cell is acknowledged when its line is on the disk, its predictions before
 * it. Who is killed while writing leaves half a line, which is told and passed over, and predictions that no cell names, which are harmless.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { appendLine, commitFile, exists } from "@autodidact/core";
import { canonicalJson, contentHash } from "../record/content-address.js";
import { type DamagedLine, readEntries } from "../record/journal.js";
import { checkedBy } from "../record/schema.js";
import { type CellRecord, formatCell, parseCell } from "./cell-record.js";
import { type Predictions, predictionsSchema } from "./predictions.js";

export interface ResultStore {
  readonly folder: string;
  /** The last word on every cell, in the order in which they came first: done cells stay done. */
  readonly cells: readonly CellRecord[];
  /** Lines of the journal that cannot be read. */
  readonly damaged: readonly DamagedLine[];
  /** Waits until the cell is on the disk; false where it is done already. */
  append(cell: CellRecord): Promise<boolean>;
  /** Keeps what was answered and gives its hash. */
  keep(predictions: Predictions): Promise<string>;
  /** Throws where they are gone or were changed. */
  predictions(hash: string): Promise<Predictions>;
}

/** A folder without a journal is a store without cells; it is made by the first of them. */
export async function openStore(folder: string): Promise<ResultStore> {
  const journal = join(folder, "cells.jsonl");
  const cells = new Map<string, CellRecord>();
  const { entries, damaged } = await readEntries(journal, parseCell);
  const isNews = ({ key }: CellRecord) => cells.get(key)?.outcome.status !== "done";
  for (const cell of entries) if (isNews(cell)) cells.set(cell.key, cell);
  const placeOf = (hash: string) => join(folder, "predictions", `${hash.replace("sha256:", "")}.json`);
  return {
    folder,
    get cells() {
      return [...cells.values()];
    },
    damaged,
    async append(cell) {
      if (!isNews(cell)) return false;
      await mkdir(folder, { recursive: true });
      await appendLine(journal, formatCell(cell));
      cells.set(cell.key, cell);
      return true;
    },
    async keep(predictions) {
      const hash = contentHash(predictions);
      if (await exists(placeOf(hash))) return hash;
      await mkdir(join(folder, "predictions"), { recursive: true });
      await commitFile(placeOf(hash), Buffer.from(`${canonicalJson(predictions)}\n`));
      return hash;
    },
    async predictions(hash) {
      const path = placeOf(hash);
      const found = checkedBy(predictionsSchema, JSON.parse(await readFile(path, "utf8")), "openStore", "predictions");
      if (contentHash(found) === hash) return found;
      throw new Error(`openStore: ${path} must hold what its name says, and was changed. Run its cell again.`);
    },
  };
}
