/**
 * `autodidact bench report`: a store as one page that opens anywhere.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { type FeatureTable, UsageError, writeOutput } from "@autodidact/core";
import {
  describeDamage,
  keptFeatures,
  leaderboard,
  predictionsIn,
  type ResultStore,
  reportPage,
  resultsOf,
} from "@autodidact/evaluate";
import { Command } from "commander";
import { existingStore, storeOption } from "./store-option.js";

interface Given {
  store: string;
  out: string;
  title?: string;
  models?: string[];
  hide?: string[];
}

export function reportCommand(): Command {
  return new Command("report")
    .description(
      "A page with ranks, intervals, comparisons, label efficiency, groups, costs and failures. It loads nothing and runs nothing.",
    )
    .addOption(storeOption())
    .requiredOption("--out <file>", "report.html")
    .option("--title <text>", "of the page")
    .option("--models <names...>", "the universe that is ranked (default: all of the store)")
    .option("--hide <names...>", "models that are not shown; the ranks of the others stay")
    .addHelpText("after", "\nExample:\n  $ autodidact bench report --store bench --out report.html")
    .action(action);
}

async function action({ store: folder, out, title, models, hide }: Given): Promise<void> {
  const store = await existingStore(folder);
  if (store.cells.length === 0) throw new UsageError(`--store ${folder} holds no cells yet. bench run makes them.`);
  assertKnown(store, { models, hide });
  await assertReplaceablePage(out);
  const { predictions, lost } = await predictionsIn(store);
  const features = await featuresIn(store);
  const board = leaderboard(store.cells, { universe: models, hidden: hide, predictions, features });
  const notes = [...describeDamage(store), ...lost];
  const page = reportPage(board, { title, notes, madeAt: new Date().toISOString() });
  await writeOutput(out, (file) => file.writeFile(page));
  process.stdout.write(`report: ${out}\n`);
}

/** A name that is misspelt would leave a page without it. */
function assertKnown({ cells }: ResultStore, asked: Pick<Given, "models" | "hide">): void {
  const known = [...new Set(cells.map(({ cell }) => cell.encoder.name))];
  for (const [option, names = []] of Object.entries(asked)) {
    const strange = names.find((name) => !known.includes(name));
    if (strange !== undefined)
      throw new UsageError(`--${option} ${strange}: the store has no such model. It has ${known.join(", ")}.`);
  }
}

/** So many test examples tell how alike two models are. */
const COMPARED_ROWS = 512;

/** Those of the newest results that cells have left for others; none after `bench run --no-cache`. */
async function featuresIn(store: ResultStore): Promise<Map<string, FeatureTable>> {
  const kept = await keptFeatures(join(store.folder, "features"), { rows: COMPARED_ROWS });
  const features = new Map<string, FeatureTable>();
  for (const { record } of store.cells.flatMap((cell) => resultsOf(cell).slice(-1))) {
    const table = await kept(record);
    if (table !== undefined) features.set(record.id, table);
  }
  return features;
}

/** A page of ours is written over by the next one; another file is the user's. */
async function assertReplaceablePage(out: string): Promise<void> {
  const found = await readFile(out, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (found === "" || found.includes('<meta name="generator" content="autodidact">')) return;
  throw new UsageError(`--out ${out} is there already, and is no report. Name another file.`);
}
