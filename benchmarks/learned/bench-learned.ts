/**
 * Runs the cells of a table, and tells it and writes its rows after each.
 */
import { writeFileSync } from "node:fs";
import { writeRecords } from "../harness/record.js";
import { learnedPlot } from "./learned-plot.js";
import { learnedTable } from "./learned-table.js";
import { type Cell, type Place, type Row, runCells } from "./run-cells.js";

export interface LearnedOptions extends Place {
  readonly data: string;
  readonly seeds: number;
  readonly epochs: number;
  /** All unless told. */
  readonly methods?: readonly string[];
  readonly json?: string;
}

export async function benchLearned(cells: readonly Cell[], options: LearnedOptions): Promise<void> {
  const { methods, json } = options;
  const strange = methods?.filter((name) => !cells.some(({ method }) => method === name)) ?? [];
  if (strange.length > 0) {
    const known = [...new Set(cells.map(({ method }) => method))].join(", ");
    throw new RangeError(`--methods must be of ${known}, got ${strange.join(", ")}.`);
  }
  const rows: Row[] = [];
  for await (const row of runCells(methods ? cells.filter(({ method }) => methods.includes(method)) : cells, options)) {
    rows.push(row);
    if (!json) continue;
    writeRecords(json, rows);
    writeFileSync(`${json.replace(/\.json$/, "")}.svg`, learnedPlot(rows));
  }
  console.log(learnedTable(rows));
}

/** 0, 1, … */
export function seedsOf({ seeds }: Pick<LearnedOptions, "seeds">): number[] {
  return Array.from({ length: seeds }, (_, seed) => seed);
}
