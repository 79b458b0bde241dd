/**
 * `autodidact results`: what a store holds, for other programs, and asked by SQL.
 */
import { type TableFormat, tableFormats } from "@autodidact/core";
import { resultColumns } from "@autodidact/evaluate";
import { Argument, Command } from "commander";
import { leaveColumns } from "../results/leave-columns.js";
import { existingStore, storeOption } from "./bench/store-option.js";
import { queryCommand } from "./results-query.js";

export function resultsCommand(): Command {
  const exporting = new Command("export")
    .description("One flat table: a row for each score of each result, and one for each cell that failed.")
    .addArgument(new Argument("<format>").choices(tableFormats))
    .addOption(storeOption())
    .requiredOption("--out <file>", "a new file; - is the standard output")
    .addHelpText("after", "\nExample:\n  $ autodidact results export parquet --store bench --out results.parquet")
    .action(action);
  return new Command("results")
    .description("Results of a store: as a table for other programs, or asked by SQL.")
    .addCommand(exporting)
    .addCommand(queryCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact results export csv --store bench --out results.csv
  $ autodidact results query "SELECT encoder, task, value FROM results ORDER BY value DESC LIMIT 10"`,
    );
}

async function action(format: TableFormat, { store: folder, out }: { store: string; out: string }): Promise<void> {
  const { cells } = await existingStore(folder);
  await leaveColumns(resultColumns(cells), format, out);
}
