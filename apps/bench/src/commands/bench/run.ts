/**
 * `autodidact bench run`: the cells of a suite that are not done yet.
 */
import { mkdir } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import process from "node:process";
import { counted, exists, liveLine, lockRun, watchSignals } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import { openStore, type ResultStore } from "@autodidact/evaluate";
import { Command } from "commander";
import { type Plan, type PlannedCell, planCells } from "../../bench/plan-cells.js";
import { readSuite } from "../../bench/read-suite.js";
import { cellName, runCells } from "../../bench/run-cells.js";
import { addOptions } from "../../command-options.js";
import { addEngineOptions, type EngineChoice } from "../../engine-options.js";
import { assertStoreOrNew, describeDamage, storeOption } from "./store-option.js";

interface Given extends EngineChoice {
  suite: string;
  store: string;
  memoryLimit?: number;
  dryRun?: boolean;
  retryFailed?: boolean;
}

export function runCommand(): Command {
  const command = new Command("run")
    .description(
      "Run a suite's cells, each in a process of its own. Cells that are done are not run again: the same command goes on.",
    )
    .requiredOption("--suite <file>", "encoders and tasks, in JSON")
    .addOption(storeOption())
    .option("--dry-run", "say which cells there are, and run none")
    .option("--retry-failed", "run cells again that have failed");
  addOptions(command, {
    memoryLimit: whole("that a cell may hold", { unit: "MB", usually: "four fifths of the machine's" }),
  });
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
A suite:
  { "schema": "autodidact.suite/1",
    "encoders": ["runs/simclr-photos", { "name": "bert", "folder": "models/bert" }],
    "tasks": [
      { "name": "photos", "modality": "image", "data": "photos", "protocol": "linear", "labelShares": [0.01, 0.1, 1] },
      { "name": "mails", "modality": "text", "data": "mails.csv", "protocol": "knn", "options": { "labelColumn": "kind" } }
    ] }

Examples:
  $ autodidact bench run --suite suite.json --dry-run
  $ autodidact bench run --suite suite.json --store bench --memory-limit 8000`,
    )
    .action(action);
}

async function action(given: Given): Promise<void> {
  const { suite, store: folder, dryRun = false, retryFailed = false } = given;
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const read = await readSuite(suite);
    await assertStoreOrNew(folder);
    const memory = join(folder, "hashes");
    if (!dryRun) await mkdir(memory, { recursive: true });
    const plan = await planCells(read, {
      say: line.show,
      memory: (await exists(memory)) ? memory : undefined,
    });
    const store = await openStore(folder);
    const left = cellsLeft(plan, store, retryFailed);
    line.end();
    for (const told of describePlan(plan, store, left)) line.print(told);
    if (dryRun) return;
    await runLocked(left, store, given, { line, signal: watch.signal });
    conclude(plan, store);
  } finally {
    line.end();
    watch.release();
  }
}

/** One process at a time fills a store. */
async function runLocked(
  left: readonly PlannedCell[],
  store: ResultStore,
  { memoryLimit, engine, provider, threads, kernels }: Given,
  session: Pick<Parameters<typeof runCells>[2], "line" | "signal">,
): Promise<void> {
  const lock = await lockRun(store.folder);
  try {
    await runCells(left, store, {
      engine: { engine, provider, threads, kernels },
      memoryLimit: memoryLimit === undefined ? 0.8 * os.totalmem() : memoryLimit * 2 ** 20,
      ...session,
    });
  } catch (error) {
    if (session.signal.aborted) {
      const done = left.filter(({ key }) => isDone(store, key)).length;
      session.line.print(
        `Stopped: ${done} of ${counted(left.length, "cells")} were run. The same command goes on with the others.`,
      );
    }
    throw error;
  } finally {
    await lock.release();
  }
}

const cellOf = ({ cells }: ResultStore, key: string) => cells.find((cell) => cell.key === key);
const isDone = (store: ResultStore, key: string) => cellOf(store, key)?.outcome.status === "done";

function cellsLeft({ cells }: Plan, store: ResultStore, retryFailed: boolean): PlannedCell[] {
  return cells.filter(({ key }) => {
    const status = cellOf(store, key)?.outcome.status;
    return status === undefined || (status === "failed" && retryFailed);
  });
}

function* describePlan(
  { cells, passedOver }: Plan,
  store: ResultStore,
  left: readonly PlannedCell[],
): Generator<string> {
  yield* describeDamage(store);
  for (const planned of cells) {
    const { protocol } = planned.cell.task;
    const results = planned.budgets.length === 1 ? "" : `, ${planned.budgets.length} label budgets`;
    const status = left.includes(planned) ? "to run" : cellOf(store, planned.key)!.outcome.status;
    yield `${status.padEnd(6)}  ${cellName(planned)}, ${protocol.name}${results}`;
  }
  for (const { encoder, task, why } of passedOver) yield `not     ${encoder} × ${task}: ${why}`;
  const failed = cells.filter((planned) => !left.includes(planned) && !isDone(store, planned.key)).length;
  const retry = failed === 0 ? "" : ` ${failed} failed before: --retry-failed runs them again.`;
  yield `${counted(cells.length, "cells")}, ${left.length} to run.${retry}`;
}

/** Throws where cells have failed, now or before: who asks by the exit code is told. */
function conclude({ cells }: Plan, store: ResultStore): void {
  const failed = cells.filter(({ key }) => !isDone(store, key));
  process.stdout.write(
    `${cells.length - failed.length} of ${counted(cells.length, "cells")} are done.\nSee them: npx autodidact bench report --store ${store.folder} --out report.html\n`,
  );
  if (failed.length === 0) return;
  throw new Error(
    `${failed.length} of ${counted(cells.length, "cells")} failed: ${failed.map(cellName).join(", ")}. Why is told by: npx autodidact bench status --store ${store.folder}`,
  );
}
