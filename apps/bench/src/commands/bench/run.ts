/**
 * `autodidact bench run`: the cells of a suite that are not done yet.
 */
import { mkdir } from "node:fs/promises";
import os from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { counted, exists, liveLine, lockRun, UsageError, watchSignals } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import {
  cellName,
  cellsDone,
  cellsLeft,
  describeDamage,
  describePlan,
  type EvaluationTasks,
  openStore,
  type Plan,
  type PlannedCell,
  planCells,
  type ReadSuite,
  type ResultStore,
  readSuite,
  runCells,
} from "@autodidact/evaluate";
import { Command } from "commander";
import { addOptions } from "../../command-options.js";
import { addEngineOptions, type EngineChoice } from "../../engine-options.js";
import { foreignIdentity } from "../../foreign/encoder-identity.js";
import { loadModalities, modalityOf, suiteModality } from "../../modalities.js";
import { inFlags, toldInFlags } from "../../option-words.js";
import type { QuickSession } from "../../quick/quick-part.js";
import { QUICK, quickSuite } from "../../quick/quick-suite.js";
import { assertStoreOrNew, storeOption } from "./store-option.js";

const PROGRAM = {
  module: fileURLToPath(new URL("../../../bin/autodidact.mjs", import.meta.url)),
  args: ["bench", "cell"],
};

interface Given extends EngineChoice {
  suite: string;
  encoders?: string[];
  store: string;
  memoryLimit?: number;
  cache: boolean;
  cacheLimit: number;
  dryRun?: boolean;
  retryFailed?: boolean;
}

export function runCommand(): Command {
  const command = new Command("run")
    .description(
      "Run a suite's cells, each in a process of its own. Cells that are done are not run again: the same command goes on.",
    )
    .requiredOption(
      "--suite <file>",
      "encoders and tasks, in JSON; quick: no file, but tasks of a minute on data that npm brought",
    )
    .option("--encoders <names...>", "of --suite quick: which are asked (default: the runs below this folder)")
    .addOption(storeOption())
    .option("--dry-run", "say which cells there are, and run none")
    .option("--retry-failed", "run cells again that have failed")
    .option("--no-cache", "make the features of each cell anew, and keep none");
  addOptions(command, {
    memoryLimit: whole("that a cell may hold", { unit: "MB", usually: "four fifths of the machine's" }),
    cacheLimit: whole(4096, "of features kept for other cells; what was used longest ago goes first", { unit: "MB" }),
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

An encoder of somebody else's is { "name": …, "folder": … } too: a .onnx file, a folder with onnx/, or hf:owner/name; "onnx": { "size": 224, … } says
what its files do not.

Examples:
  $ autodidact bench run --suite quick
  $ autodidact bench run --suite suite.json --dry-run
  $ autodidact bench run --suite suite.json --store bench --memory-limit 8000`,
    )
    .action(action);
}

async function action(given: Given): Promise<void> {
  const { store: folder, dryRun = false, retryFailed = false } = given;
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const read = await suiteOf(given, { line, signal: watch.signal });
    await assertStoreOrNew(folder);
    const memory = join(folder, "hashes");
    if (!dryRun) await mkdir(memory, { recursive: true });
    // What is refused of tasks names their options as the suite's file does.
    const plan = await planCells(read, {
      tasks: await tasksInstalled(),
      modalityOf: async (encoder) => suiteModality((await modalityOf(encoder)).data),
      foreignOf: (encoder, hashing) => foreignIdentity(encoder, { ...hashing, say: line.show }),
      say: line.show,
      memory: (await exists(memory)) ? memory : undefined,
    });
    const store = await openStore(folder);
    const left = cellsLeft(plan, store, { retryFailed });
    line.end();
    for (const told of [...describeDamage(store), ...describePlan(plan, store, left, "--retry-failed")])
      line.print(told);
    if (dryRun) return;
    await runLocked(left, store, given, { line, signal: watch.signal });
    conclude(plan, store);
  } finally {
    line.end();
    watch.release();
  }
}

async function tasksInstalled(): Promise<Partial<Record<ReturnType<typeof suiteModality>, EvaluationTasks>>> {
  const { present } = await loadModalities();
  return Object.fromEntries(present.map(({ data, tasks }) => [suiteModality(data), tasks]));
}

async function suiteOf({ suite, encoders }: Given, session: QuickSession): Promise<ReadSuite> {
  if (suite === QUICK) return quickSuite({ encoders, ...session });
  if (encoders === undefined) return toldInFlags(readSuite(suite));
  throw new UsageError(`--encoders goes with --suite ${QUICK} alone: ${suite} names its own.`);
}

/** One process at a time fills a store. */
async function runLocked(
  left: readonly PlannedCell[],
  store: ResultStore,
  { memoryLimit, cache, cacheLimit, engine, provider, threads, kernels }: Given,
  session: Pick<Parameters<typeof runCells>[2], "line" | "signal">,
): Promise<void> {
  const lock = await lockRun(store.folder);
  try {
    await runCells(left, store, {
      program: PROGRAM,
      told: inFlags,
      engine: { engine, provider, threads, kernels },
      features: cache ? { folder: resolve(store.folder, "features"), maxBytes: cacheLimit * 2 ** 20 } : undefined,
      memoryLimit: memoryLimit === undefined ? 0.8 * os.totalmem() : memoryLimit * 2 ** 20,
      ...session,
    });
  } catch (error) {
    if (session.signal.aborted) {
      const done = cellsDone(left, store).length;
      session.line.print(
        `Stopped: ${done} of ${counted(left.length, "cells")} were run. The same command goes on with the others.`,
      );
    }
    throw error;
  } finally {
    await lock.release();
  }
}

/** Throws where cells have failed, now or before: who asks by the exit code is told. */
function conclude({ cells }: Plan, store: ResultStore): void {
  const done = cellsDone(cells, store);
  const failed = cells.filter((cell) => !done.includes(cell));
  process.stdout.write(
    `${done.length} of ${counted(cells.length, "cells")} are done.\nSee them: npx autodidact bench report --store ${store.folder} --out report.html\n`,
  );
  if (failed.length === 0) return;
  throw new Error(
    `${failed.length} of ${counted(cells.length, "cells")} failed: ${failed.map(cellName).join(", ")}. Why is told by: npx autodidact bench status --store ${store.folder}`,
  );
}
