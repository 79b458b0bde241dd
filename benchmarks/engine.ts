/**
 * `npm run bench -- engine`: the same training steps on backend onnx, on the other TensorFlow.js backends and on PyTorch.
 */
import { fileURLToPath } from "node:url";
import { alternate, type Dropout, type Entrant, type Outcome, WARM_UP_STEPS } from "./harness/alternate.js";
import { type Record, recordOf, writeRecords } from "./harness/record.js";
import { median } from "./harness/statistics.js";
import { formatBytes, formatDuration, table } from "./harness/table.js";
import { matmulFlops } from "./programs/matmul.js";
import { simclrFlops } from "./programs/simclr.js";
import { transformerFlops } from "./programs/transformer.js";

export interface EngineOptions {
  rounds: number;
  threads: number;
  python?: string;
  tfjsNode?: string;
  provider?: string;
  /** Parts of `work/contender`; a cell that contains one of them is run. */
  only?: string[];
  json?: string;
}

interface Work {
  readonly name: string;
  readonly title: string;
  readonly program: "matmul" | "transformer" | "simclr";
  readonly size: { readonly [name: string]: number };
  readonly peers: readonly string[];
  /** How far the losses of the first steps may lie apart, relatively. */
  readonly tolerance: number;
  /** What a slow backend runs instead, or why it runs nothing. */
  readonly slow: { readonly [variant: string]: { readonly [name: string]: number } | string };
  /** Speeds that the product promises. */
  readonly bars?: readonly Bar[];
}

interface Bar {
  readonly contender: string;
  /** The fastest of those whose name starts so. */
  readonly against: string;
  readonly atLeast: number;
}

const WORKS: readonly Work[] = [
  {
    name: "sgemm-1024",
    title: "matrix product 1024³, chains of 8",
    program: "matmul",
    size: { width: 1024, length: 8 },
    peers: ["eager"],
    tolerance: 1e-4,
    slow: { cpu: { width: 1024, length: 1 } },
  },
  {
    name: "sgemm-2048",
    title: "matrix product 2048³, chains of 2",
    program: "matmul",
    size: { width: 2048, length: 2 },
    peers: ["eager"],
    tolerance: 1e-4,
    slow: { cpu: "0.4 GFLOP/s: a product takes 45 s" },
  },
  {
    name: "transformer",
    title: "training step of a 6-layer transformer, width 256, 2,048 tokens: forward, backward, Adam",
    program: "transformer",
    size: { batch: 32 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: { cpu: { batch: 1 }, wasm: { batch: 4 } },
    bars: [
      { contender: "onnx replayed", against: "pytorch", atLeast: 0.8 },
      { contender: "onnx replayed", against: "tfjs-node", atLeast: 1.5 },
    ],
  },
  {
    name: "simclr-64",
    title: "SimCLR step of a ResNet-18, width 64, 128 views of 32×32: forward, backward, SGD",
    program: "simclr",
    size: { width: 64, images: 64 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
    slow: { cpu: "below 0.1 GFLOP/s in convolution gradients: a step takes hours" },
  },
  {
    name: "simclr-16",
    title: "SimCLR step of a ResNet-18, width 16, 512 views of 32×32: forward, backward, SGD",
    program: "simclr",
    size: { width: 16, images: 256 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
    slow: { cpu: "below 0.1 GFLOP/s in convolution gradients: a step takes an hour" },
  },
];

const FLOPS = {
  matmul: matmulFlops,
  transformer: transformerFlops,
  simclr: simclrFlops,
} as unknown as { [program: string]: (size: { readonly [name: string]: number }) => number };

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Returns whether all contenders did the same work. */
export async function benchEngine(options: EngineOptions): Promise<boolean> {
  const records: Record[] = [];
  let yardstick: number | undefined;
  let isSameWork = true;
  for (const work of WORKS) {
    const { entrants, dropouts } = entrantsOf(work, options);
    if (entrants.length === 0) continue;
    const run = await alternate(entrants, options.rounds, (text) => showProgress(`${work.name}: ${text}`));
    showProgress("");

    const found = recordAll(work, run.outcomes);
    if (work.program === "matmul") yardstick ??= Math.max(...found.map((record) => record.gflopsPerSecond));
    console.log(describeWork(work, options.rounds));
    console.log(describeRecords(found, yardstick));
    for (const { entrant, reason } of [...dropouts, ...run.dropouts])
      console.log(`not run: ${entrant.contender}: ${reason}`);
    isSameWork = tellAgreement(work, found) && isSameWork;
    for (const bar of work.bars ?? []) tellBar(bar, run.outcomes);
    console.log();

    records.push(...found);
    if (options.json) writeRecords(options.json, records);
  }
  return isSameWork;
}

function entrantsOf(work: Work, options: EngineOptions): { entrants: Entrant[]; dropouts: Dropout[] } {
  const entrants: Entrant[] = [];
  const dropouts: Dropout[] = [];
  const enter = (contender: string, command: string[], variant: string, missing?: string) => {
    if (options.only && !options.only.some((part) => `${work.name}/${contender}`.includes(part))) return;
    const { threads, provider, tfjsNode } = options;
    const slow = work.slow[variant];
    const size = typeof slow === "object" ? slow : work.size;
    const task = { work: work.program, variant, threads, size, provider, tfjsNode };
    const entrant = { contender, command, task, flops: FLOPS[work.program]!(size), isScaled: size !== work.size };
    const reason = missing ?? (typeof slow === "string" ? slow : undefined);
    if (reason) dropouts.push({ entrant, reason });
    else entrants.push(entrant);
  };

  const script = (name: string) => [process.execPath, ...process.execArgv, path(`contenders/${name}`)];
  const node = script("tensorflow-js.ts");
  const vision = script("vision.ts");
  const onnx = options.provider ? `onnx ${options.provider}` : "onnx";
  enter(`${onnx} replayed`, node, "onnx-replayed");
  enter(`${onnx} traced`, node, "onnx-traced");
  if (work.program === "simclr") enter("autodidact vision", vision, "vision");
  enter("tfjs-node", node, "tfjs-node", options.tfjsNode ? undefined : "no folder given (--tfjs-node DIR)");
  enter("tfjs wasm", node, "wasm");
  enter("tfjs cpu", node, "cpu");
  for (const variant of work.peers) {
    const missing = options.python ? undefined : "no Python given (--python PATH)";
    enter(`pytorch ${variant}`, [options.python ?? "", path("peers/serve.py")], variant, missing);
  }
  return { entrants, dropouts };
}

function recordAll(work: Work, outcomes: readonly Outcome[]): Record[] {
  const peer = fastest(outcomes, "pytorch");
  const reference = peer ?? outcomes.find(({ entrant }) => !entrant.isScaled);
  return outcomes.map((outcome) => recordOf(work.name, outcome, { reference, peer }));
}

function fastest(outcomes: readonly Outcome[], prefix: string): Outcome | undefined {
  const candidates = outcomes.filter(({ entrant }) => entrant.contender.startsWith(prefix) && !entrant.isScaled);
  return candidates.sort((a, b) => median(a.rounds.flat()) - median(b.rounds.flat()))[0];
}

function describeWork(work: Work, rounds: number): string {
  const gflop = FLOPS[work.program]!(work.size) / 1e9;
  return `${work.name}: ${work.title}; ${gflop.toFixed(1)} GFLOP a step, ${rounds} rounds`;
}

function describeRecords(records: readonly Record[], yardstick: number | undefined): string {
  const peer = records.find((record) => record.peer)?.peer;
  const header = [
    "contender",
    "median",
    "minimum",
    "spread",
    "GFLOP/s",
    "of sgemm",
    `× ${peer ?? "peer"}`,
    "loss ±",
    "peak memory",
  ];
  const rows = records.map((record) => [
    record.contender,
    formatDuration(record.medianMs),
    formatDuration(record.minimumMs),
    `${(100 * record.spread).toFixed(1)} %`,
    record.gflopsPerSecond.toFixed(record.gflopsPerSecond < 10 ? 1 : 0),
    yardstick ? `${((100 * record.gflopsPerSecond) / yardstick).toFixed(0)} %` : "",
    record.speedToPeer?.toFixed(2) ?? "",
    record.lossDifference?.toExponential(0) ?? "",
    formatBytes(record.peakResidentBytes),
  ]);
  return table(header, rows);
}

function tellAgreement(work: Work, records: readonly Record[]): boolean {
  const apart = records.filter(({ lossDifference }) => lossDifference !== null && !(lossDifference <= work.tolerance));
  for (const { contender, lossDifference } of apart) {
    const limit = work.tolerance.toExponential(0);
    console.log(
      `DIFFERENT WORK: ${contender}: losses of the first ${WARM_UP_STEPS} steps differ by ${lossDifference}, more than ${limit}`,
    );
  }
  return apart.length === 0;
}

function tellBar({ contender, against, atLeast }: Bar, outcomes: readonly Outcome[]): void {
  const own = outcomes.find(({ entrant }) => entrant.contender === contender);
  const other = fastest(outcomes, against);
  if (!own || !other) return;
  const { speedToPeer } = recordOf("", own, { peer: other });
  const verdict = speedToPeer! >= atLeast ? "met" : "MISSED";
  console.log(`bar: ${contender} ≥ ${atLeast} × ${other.entrant.contender}: ${speedToPeer!.toFixed(2)}, ${verdict}`);
}

/** One line that changes where somebody watches, a log elsewhere. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text) console.error(text);
}
