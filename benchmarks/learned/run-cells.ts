/**
 * What methods learn, by the command as a user types it: each cell is a pretraining run and what is measured of it. What is there already is not
 * done again, so that a table of hours can be stopped and gone on with.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../harness/command.js";
import { describeMachine, type Machine } from "../harness/machine.js";
import { writeRecords } from "../harness/record.js";

/** One pretraining run. */
export interface Cell {
  /** A folder's name; different for each cell. */
  readonly name: string;
  readonly method: string;
  /** The held-out part that it never sees: speakers; `official` where the data has a test part. */
  readonly split: string;
  readonly seed: number;
  /** What follows `autodidact pretrain`. */
  readonly pretrain: readonly string[];
  readonly measurements: readonly Measurement[];
}

export interface Measurement {
  /** A column of the table. */
  readonly name: string;
  readonly command: "evaluate" | "finetune";
  /** What follows the run's folder. */
  readonly options: readonly string[];
}

export interface Row {
  readonly method: string;
  readonly split: string;
  readonly seed: number;
  readonly measurement: string;
  readonly metric: string;
  /** Shares, from 0 to 1; null where the record has no such baseline. */
  readonly value: number;
  readonly rawFeatures: number | null;
  readonly randomInit: number | null;
  readonly fromScratch: number | null;
  /** Of the pretraining, by the clock, from the run's last beginning on. */
  readonly pretrainingSeconds: number;
  readonly commands: readonly [string, string];
  readonly machine: Machine;
}

export interface Place {
  /** Holds the runs and what was measured of them. */
  readonly out: string;
  readonly threads: number;
  readonly engine: string;
}

const COMMAND = fileURLToPath(new URL("../../apps/bench/bin/autodidact.mjs", import.meta.url));

/** Rows as soon as they are there. */
export async function* runCells(cells: readonly Cell[], place: Place): AsyncGenerator<Row> {
  mkdirSync(join(place.out, "runs"), { recursive: true });
  for (const cell of cells) {
    const run = join(place.out, "runs", cell.name);
    const pretrainingSeconds = await pretrained(cell, run, place);
    for (const measurement of cell.measurements) {
      const record = await measured(cell, measurement, { run, ...place });
      const { method, split, seed } = cell;
      yield {
        ...{ method, split, seed, measurement: measurement.name, pretrainingSeconds },
        ...numbersOf(record),
        commands: [told(["pretrain", ...cell.pretrain]), told(argumentsOf(measurement, run))],
        machine: describeMachine(),
      };
    }
  }
}

/** How long it took. A run that was stopped is gone on with; one that has a note of its end is left. */
async function pretrained(cell: Cell, run: string, place: Place): Promise<number> {
  const note = join(place.out, "runs", `${cell.name}.ended.json`);
  if (existsSync(note)) return (readJson(note) as { seconds: number }).seconds;
  const start = performance.now();
  const [method, ...options] = cell.pretrain;
  const begun = existsSync(join(run, "config.json"));
  await autodidact(["pretrain", method!, ...(begun ? ["--resume"] : options), "--out", run], place);
  const seconds = (performance.now() - start) / 1000;
  writeRecords(note, { seconds, wasResumed: begun });
  return seconds;
}

async function measured(
  cell: Cell,
  measurement: Measurement,
  { run, ...place }: Place & { run: string },
): Promise<Measured> {
  const file = join(place.out, "records", `${cell.name}-${measurement.name.replaceAll(/[^\w-]+/g, "-")}.json`);
  if (existsSync(file)) return readJson(file) as Measured;
  mkdirSync(join(place.out, "records"), { recursive: true });
  try {
    await autodidact([...argumentsOf(measurement, run), "--json", file], place);
  } catch (error) {
    rmSync(file, { force: true }); // half a record would be taken for a whole one
    throw error;
  }
  return readJson(file) as Measured;
}

function argumentsOf({ command, options }: Measurement, run: string): string[] {
  return [command, run, ...options];
}

async function autodidact(parameters: readonly string[], { threads, engine }: Place): Promise<void> {
  console.error(told(parameters));
  await runCommand([process.execPath, COMMAND, ...parameters, "--engine", engine, "--threads", `${threads}`]);
}

function told(parameters: readonly string[]): string {
  return ["autodidact", ...parameters.map((part) => (/^[\w./,:=%-]+$/.test(part) ? part : `'${part}'`))].join(" ");
}

/** What is used of @autodidact/evaluate's record. */
interface Measured {
  readonly scores: Scores;
  readonly baselines: { readonly [name in "rawFeatures" | "randomInit" | "fromScratch"]: Scores | null };
}
type Scores = readonly [{ readonly value: number; readonly metric: { readonly name: string } }];

function numbersOf({ scores: [score], baselines }: Measured) {
  const headline = (scores: Scores | null) => scores?.[0].value ?? null;
  return {
    metric: score.metric.name,
    value: score.value,
    rawFeatures: headline(baselines.rawFeatures),
    randomInit: headline(baselines.randomInit),
    fromScratch: headline(baselines.fromScratch),
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
