/**
 * `npm run bench -- examples`: the drop-in's examples on backend onnx, on TensorFlow.js's backends cpu and wasm, and on tfjs-node, an epoch at a time.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EXAMPLES, type Example } from "./examples/works.js";
import { alternate, type Dropout, type Entrant, type Outcome } from "./harness/alternate.js";
import { type Record, recordOf, writeRecords } from "./harness/record.js";
import { pairedSpeed } from "./harness/statistics.js";
import { formatDuration, markdownTable } from "./harness/table.js";

export interface ExamplesOptions {
  rounds: number;
  threads: number;
  tfjsNode?: string;
  only?: string[];
  json?: string;
}

const OURS = "onnx";
const CPU = "tfjs cpu";
const NODE = "tfjs-node";
const VARIANTS = { [OURS]: "onnx", [CPU]: "cpu", "tfjs wasm": "wasm", [NODE]: "tfjs-node" };

/** Losses of the first three epochs agree within this share: many steps follow one another. */
const TOLERANCE = 1e-3;

/** Returns whether all did the same work. */
export async function benchExamples(options: ExamplesOptions): Promise<boolean> {
  const records: Record[] = [];
  const rows: string[][] = [];
  const dropouts: Dropout[] = [];
  let isSameWork = true;
  for (const example of EXAMPLES) {
    const entrants = entrantsOf(example, options);
    if (entrants.length === 0) continue;
    const run = await alternate(entrants, options, (text) => console.error(`${example.name}: ${text}`));
    const reference = run.outcomes.find(({ entrant }) => entrant.contender === CPU);
    const found = run.outcomes.map((outcome) => recordOf(example.name, outcome, { reference, peer: reference }));
    isSameWork = tellVerdicts(example, run.outcomes, found) && isSameWork;
    dropouts.push(...run.dropouts);
    records.push(...found);
    rows.push(rowOf(example, run.outcomes, found));
    if (options.json) writeRecords(options.json, records);
  }
  for (const { entrant, reason } of dropouts) {
    console.log(`not run: ${entrant.task.work} on ${entrant.contender}: ${reason}`);
  }
  if (!options.tfjsNode) console.log(`not run: ${NODE}: no folder given (--tfjs-node FOLDER)`);
  const columns = Object.keys(VARIANTS).flatMap((contender) => [`${contender}, first`, "later"]);
  console.log(`\n${markdownTable(["program", ...columns, `× ${NODE}`, `× ${CPU}`], rows)}`);
  return isSameWork;
}

function entrantsOf({ name, size }: Example, { threads, only, tfjsNode }: ExamplesOptions): Entrant[] {
  const file = fileURLToPath(new URL("contenders/examples.ts", import.meta.url));
  const command = [process.execPath, ...process.execArgv, file];
  const folder = tfjsNode && resolve(tfjsNode);
  return Object.entries(VARIANTS)
    .filter(([contender]) => contender !== NODE || folder)
    .filter(([contender]) => !only || only.some((part) => `${name}/${contender}`.includes(part)))
    .map(([contender, variant]) => ({
      contender,
      command,
      task: { work: name, variant, threads, size, tfjsNode: folder },
      flops: 0,
    }));
}

function rowOf({ title }: Example, outcomes: readonly Outcome[], records: readonly Record[]): string[] {
  const times = Object.keys(VARIANTS).flatMap((name) => {
    const record = records.find(({ contender }) => contender === name);
    return record ? [formatDuration(record.firstStepMs), formatDuration(record.medianMs)] : ["", ""];
  });
  const speeds = [NODE, CPU].map((peer) => speedTo(outcomes, peer)?.toFixed(2) ?? "");
  return [title, ...times, ...speeds];
}

/** How many times as fast as the peer backend onnx is in later epochs, by rounds. */
function speedTo(outcomes: readonly Outcome[], peer: string): number | undefined {
  const [own, other] = [OURS, peer].map((name) => outcomes.find(({ entrant }) => entrant.contender === name));
  return own && other && pairedSpeed(own.rounds, other.rounds);
}

function tellVerdicts(example: Example, outcomes: readonly Outcome[], records: readonly Record[]): boolean {
  const tell = (what: string, peer: string, speed: number | undefined, atLeast: number) => {
    if (speed === undefined) return;
    const verdict = speed >= atLeast ? "met" : "MISSED";
    console.log(`bar: ${example.name}, ${what} ≥ ${atLeast} × ${peer}: ${speed.toFixed(2)}, ${verdict}`);
  };
  const first = (name: string) => outcomes.find(({ entrant }) => entrant.contender === name)?.firstStepMs;
  const [own, cpu] = [first(OURS), first(CPU)];
  tell("first epoch", CPU, own && cpu && cpu / own, 1);
  tell("later", CPU, speedTo(outcomes, CPU), 1);
  tell("later", NODE, speedTo(outcomes, NODE), example.atLeast);

  if (example.ownLoop) return true;
  const compared = records.filter(({ contender }) => !(example.readsJpeg && contender === NODE));
  const others = compared.filter(({ lossDifference }) => lossDifference !== null && !(lossDifference <= TOLERANCE));
  for (const { contender, lossDifference } of others) {
    console.log(`DIFFERENT WORK: ${example.name}: losses on ${contender} differ by ${lossDifference} from ${CPU}'s`);
  }
  return others.length === 0;
}
