/**
 * `autodidact results`: what a store holds, for other programs.
 */
import process from "node:process";
import { encodeTable, type TableFormat, tableFormats, writeNew } from "@autodidact/core";
import { resultColumns } from "@autodidact/evaluate";
import { Argument, Command } from "commander";
import { existingStore, storeOption } from "./bench/store-option.js";

export function resultsCommand(): Command {
  const exporting = new Command("export")
    .description("One flat table: a row for each score of each result, and one for each cell that failed.")
    .addArgument(new Argument("<format>").choices(tableFormats))
    .addOption(storeOption())
    .requiredOption("--out <file>", "a new file; - is the standard output")
    .addHelpText("after", "\nExample:\n  $ autodidact results export parquet --store bench --out results.parquet")
    .action(action);
  return new Command("results")
    .description("Results of a store, for other programs.")
    .addCommand(exporting)
    .addHelpText("after", "\nExample:\n  $ autodidact results export csv --store bench --out results.csv");
}

async function action(format: TableFormat, { store: folder, out }: { store: string; out: string }): Promise<void> {
  const { cells } = await existingStore(folder);
  const bytes = encodeTable(resultColumns(cells), format);
  if (out === "-") process.stdout.write(bytes);
  else await writeNew(out, "--out", (write) => write(bytes));
}
