/**
 * `npm run bench -- tensorflow-js`: programs written for TensorFlow.js, its layers library's `model.fit` among them, on backend onnx and on
 * TensorFlow.js's own CPU backend.
 */
import { fileURLToPath } from "node:url";
import { alternate, type Entrant, type Outcome } from "./harness/alternate.js";
import { type Record, recordOf, writeRecords } from "./harness/record.js";
import { formatDuration, table } from "./harness/table.js";

export interface TensorflowJsOptions {
  rounds: number;
  threads: number;
  only?: string[];
  json?: string;
}

interface Work {
  readonly name: string;
  readonly title: string;
  readonly program: "fit" | "shape" | "place" | "attribute";
  readonly size: Readonly<{ [name: string]: number }>;
  /** The speed of backend onnx is at least so many times the CPU backend's, in the first step and later. */
  readonly bars: { readonly first?: number; readonly later: number };
}

const fitting = (batches: number, { read = 0, recurrent = 0 } = {}) => ({ batches, read, recurrent });

const WORKS: readonly Work[] = [
  {
    name: "fit-200",
    title: "model.fit, a perceptron, 200 batches an epoch",
    program: "fit",
    size: fitting(200),
    bars: { first: 1, later: 2 },
  },
  {
    name: "fit-700",
    title: "the same, 700 batches an epoch",
    program: "fit",
    size: fitting(700),
    bars: { first: 1, later: 2 },
  },
  {
    name: "fit-read",
    title: "the same, 200 batches an epoch, onBatchEnd given",
    program: "fit",
    size: fitting(200, { read: 1 }),
    bars: { first: 1, later: 2 },
  },
  {
    name: "fit-lstm",
    title: "model.fit, two LSTM layers, 10 batches an epoch",
    program: "fit",
    size: fitting(10, { recurrent: 1 }),
    bars: { first: 1, later: 1 },
  },
  { name: "shape", title: "300 calls, a new shape each, read", program: "shape", size: {}, bars: { later: 0.5 } },
  { name: "place", title: "300 slices at new places, read", program: "place", size: {}, bars: { later: 0.5 } },
  {
    name: "attribute",
    title: "300 calls, a new number each, read",
    program: "attribute",
    size: {},
    bars: { later: 0.5 },
  },
];

/** Losses of the first epochs agree within this share: many steps follow one another. */
const TOLERANCE = 1e-3;

/** Returns whether both did the same work. */
export async function benchTensorflowJs(options: TensorflowJsOptions): Promise<boolean> {
  const records: Record[] = [];
  let isSameWork = true;
  for (const work of WORKS) {
    const entrants = entrantsOf(work, options);
    if (entrants.length === 0) continue;
    const { outcomes, dropouts } = await alternate(entrants, options, (text) => console.error(`${work.name}: ${text}`));
    for (const { entrant, reason } of dropouts) console.log(`not run: ${entrant.contender}: ${reason}`);
    const peer = outcomes.find(({ entrant }) => entrant.contender === "tfjs cpu");
    const found = outcomes.map((outcome) => recordOf(work.name, outcome, { reference: peer, peer }));
    console.log(`${work.name}: ${work.title}, ${options.rounds} rounds`);
    console.log(describe(outcomes, found));
    isSameWork = tellVerdicts(work, found) && isSameWork;
    records.push(...found);
    if (options.json) writeRecords(options.json, records);
  }
  return isSameWork;
}

function entrantsOf({ name, program, size }: Work, { threads, only }: TensorflowJsOptions): Entrant[] {
  const file = fileURLToPath(new URL("contenders/plain-tensorflow-js.ts", import.meta.url));
  const command = [process.execPath, ...process.execArgv, file];
  return ["onnx", "tfjs cpu"].flatMap((contender) => {
    if (only && !only.some((part) => `${name}/${contender}`.includes(part))) return [];
    return [{ contender, command, task: { work: program, variant: contender, threads, size }, flops: 0 }];
  });
}

function describe(outcomes: readonly Outcome[], records: readonly Record[]): string {
  const header = ["contender", "first", "later", "spread", "× cpu", "graphs", "runs", "interpreted", "loss ±"];
  const rows = records.map((record, i) => {
    const counters = outcomes[i]!.engine?.counters;
    return [
      record.contender,
      formatDuration(record.firstStepMs),
      formatDuration(record.medianMs),
      `${(100 * record.spread).toFixed(1)} %`,
      record.speedToPeer?.toFixed(2) ?? "",
      ...(counters ? [counters.graphs, counters.runs, counters.interpreted].map(String) : ["", "", ""]),
      record.lossDifference?.toExponential(0) ?? "",
    ];
  });
  return table(header, rows);
}

function tellVerdicts({ bars }: Work, records: readonly Record[]): boolean {
  const own = records.find(({ contender }) => contender === "onnx");
  const peer = records.find(({ contender }) => contender === "tfjs cpu");
  if (!own || !peer) return true;
  const tell = (what: string, speed: number, atLeast: number) =>
    console.log(`bar: ${what} ≥ ${atLeast} × tfjs cpu: ${speed.toFixed(2)}, ${speed >= atLeast ? "met" : "MISSED"}`);
  if (bars.first !== undefined) tell("first epoch", peer.firstStepMs / own.firstStepMs, bars.first);
  tell("later", own.speedToPeer!, bars.later);
  if (own.lossDifference! <= TOLERANCE) return true;
  console.log(`DIFFERENT WORK: losses differ by ${own.lossDifference}, more than ${TOLERANCE}`);
  return false;
}
