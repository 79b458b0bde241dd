/**
 * `autodidact results query`: SQL on what a store holds.
 */
import { extname } from "node:path";
import process from "node:process";
import { assertNoFile, type TableFormat, tableFormats, UsageError } from "@autodidact/core";
import { Argument, Command, Option } from "commander";
import { describeColumns } from "../results/describe-columns.js";
import { loadDuckdb } from "../results/duckdb.js";
import { leaveColumns } from "../results/leave-columns.js";
import { queryIndex } from "../results/query-index.js";
import { currentIndex } from "../results/store-index.js";
import { assertStore, assertStoreOrNew, storeOption } from "./bench/store-option.js";

interface Given {
  store: string;
  format?: TableFormat;
  out?: string;
}

export function queryCommand(): Command {
  return new Command("query")
    .description(
      "Ask a store by SQL, which DuckDB answers. The table results has a row for each score of each result, and one for each cell that failed; nothing else can be read.",
    )
    .addArgument(new Argument("<sql>", "a question to the table results"))
    .addOption(storeOption())
    .addOption(new Option("--format <name>", "of --out (default: by its ending)").choices(tableFormats))
    .option("--out <file>", "a new file, in place of a table in the terminal; - is the standard output")
    .addHelpText(
      "after",
      `
The best encoder of each task, what a score cost, and which cells failed:
  $ autodidact results query "SELECT task, metric, arg_max(encoder, value) AS best, max(value) AS score FROM results WHERE better = 'higher' GROUP BY ALL ORDER BY ALL"
  $ autodidact results query "SELECT encoder, task, value, wall_seconds, wall_seconds / value AS seconds_a_score FROM results WHERE metric = 'accuracy' ORDER BY seconds_a_score"
  $ autodidact results query "SELECT encoder, task, error FROM results WHERE status = 'failed'" --store bench --out failed.csv

All columns: SELECT * FROM results LIMIT 1. The store keeps the table in index.duckdb, which is made again whenever results have come.`,
    )
    .action(action);
}

async function action(sql: string, { store: folder, format, out }: Given): Promise<void> {
  const written = formatOf(format, out);
  await assertStore(folder);
  await assertStoreOrNew(folder); // an index is put into it
  if (out !== undefined && out !== "-") await assertNoFile(out, "--out");
  const duckdb = await loadDuckdb();
  const { path, leftOut } = await currentIndex(folder, duckdb);
  for (const told of leftOut) process.stderr.write(`${told}\n`);
  const columns = await queryIndex(path, sql, duckdb);
  if (out === undefined) process.stdout.write(`${describeColumns(columns)}\n`);
  else await leaveColumns(columns, written!, out);
}

/** Undefined of what is shown in the terminal. */
function formatOf(format: TableFormat | undefined, out: string | undefined): TableFormat | undefined {
  if (out === undefined) {
    if (format === undefined) return undefined;
    throw new UsageError(`--format ${format} needs --out FILE; --out - is the standard output.`);
  }
  const told = format ?? tableFormats.find((name) => extname(out).toLowerCase() === `.${name}`);
  if (told !== undefined) return told;
  throw new UsageError(`--out ${out} does not say what it is to hold. Add --format ${tableFormats.join("|")}.`);
}
