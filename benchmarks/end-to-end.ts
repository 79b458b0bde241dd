/**
 * `npm run bench -- end-to-end`: SimCLR from image files to updated weights, ours and lightly's, in images a second.
 */
import { fileURLToPath } from "node:url";
import { describeMachine } from "./harness/machine.js";
import { type ContenderProcess, startContender } from "./harness/process.js";
import type { Task } from "./harness/protocol.js";
import { writeRecords } from "./harness/record.js";
import { median } from "./harness/statistics.js";
import { formatBytes, table } from "./harness/table.js";

export interface EndToEndOptions {
  /** A folder of images, one folder a class. */
  data: string;
  python?: string;
  peerModes: string[];
  width: number;
  rounds: number;
  /** Batches measured in a turn. */
  batches: number;
  threads: number;
  json?: string;
}

interface Contender {
  readonly name: string;
  readonly process: ContenderProcess;
  /** Images a second, by round. */
  readonly speeds: number[];
  peakResidentBytes: number;
}

/** Images a batch; two views of each go through the network. */
const BATCH = 256;
/** Batches at the beginning of a turn: readers start. */
const UNMEASURED = 2;
const BAR = 1.3;

/** Returns whether our speed reaches the bar; true where no peer ran. */
export async function benchEndToEnd(options: EndToEndOptions): Promise<boolean> {
  const contenders: Contender[] = [];
  try {
    for (const entrant of entrants(options)) contenders.push(await enter(entrant, options));
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const contender of contenders) {
        await takeTurn(contender, options);
        console.error(
          `round ${round} of ${options.rounds}: ${contender.name}: ${contender.speeds.at(-1)!.toFixed(0)} images/s`,
        );
      }
    }
  } finally {
    for (const { process } of contenders) process.end();
  }
  const records = contenders.map((contender) => recordOf(contender, contenders, options));
  if (options.json) writeRecords(options.json, records);
  console.log(
    `SimCLR from image files: ResNet-18 of width ${options.width}, 32×32, batch ${BATCH}, ${options.rounds} rounds`,
  );
  console.log(describe(records));
  return tellBar(records);
}

interface Entrant {
  readonly name: string;
  readonly command: readonly string[];
  readonly variant: string;
}

function entrants({ python, peerModes }: EndToEndOptions): Entrant[] {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const own = [process.execPath, ...process.execArgv, path("contenders/end-to-end.ts")];
  const peers = python ? peerModes : [];
  return [
    { name: "autodidact", command: own, variant: "compiled" },
    ...peers.map((mode) => ({
      name: `lightly ${mode}`,
      command: [python!, path("peers/lightly_simclr.py")],
      variant: mode,
    })),
  ];
}

/** Started and warm: graphs are compiled in the first steps. */
async function enter(
  { name, command, variant }: Entrant,
  { width, threads, data }: EndToEndOptions,
): Promise<Contender> {
  console.error(`${name}: warm-up`);
  const task: Task = { work: "end-to-end", variant, threads, data, size: { width, images: BATCH } };
  const process = await startContender(command, task);
  const { peakResidentBytes } = await process.run(UNMEASURED);
  return { name, process, speeds: [], peakResidentBytes };
}

async function takeTurn(contender: Contender, { batches }: EndToEndOptions): Promise<void> {
  const { milliseconds, peakResidentBytes } = await contender.process.run(UNMEASURED + batches);
  const measured = milliseconds.slice(UNMEASURED).reduce((sum, step) => sum + step, 0);
  contender.speeds.push((1000 * BATCH * batches) / measured);
  contender.peakResidentBytes = peakResidentBytes;
}

type Record = ReturnType<typeof recordOf>;

function recordOf(
  { name, process, speeds, peakResidentBytes }: Contender,
  all: readonly Contender[],
  options: EndToEndOptions,
) {
  const { width, batches, threads } = options;
  const [peer] = all
    .filter((other) => other.name.startsWith("lightly"))
    .sort((a, b) => median(b.speeds) - median(a.speeds));
  return {
    work: `simclr-end-to-end-${width}`,
    contender: name,
    version: process.version,
    imagesPerSecond: median(speeds),
    byRound: speeds,
    peakResidentBytes,
    /** How many times as fast as the fastest peer: the median of the rounds' ratios. */
    speedToPeer: peer ? median(speeds.map((speed, round) => speed / peer.speeds[round]!)) : null,
    peer: peer?.name ?? null,
    size: { width, batch: BATCH, batches },
    threads,
    machine: describeMachine(),
    measuredAt: new Date().toISOString(),
  };
}

function describe(records: readonly Record[]): string {
  const header = ["contender", "images/s", "slowest", "fastest", `× ${records[0]!.peer ?? "peer"}`, "peak memory"];
  const rows = records.map(({ contender, imagesPerSecond, byRound, speedToPeer, peakResidentBytes }) => [
    contender,
    ...[imagesPerSecond, Math.min(...byRound), Math.max(...byRound)].map((speed) => speed.toFixed(0)),
    speedToPeer?.toFixed(2) ?? "",
    formatBytes(peakResidentBytes),
  ]);
  return table(header, rows);
}

function tellBar([own]: readonly Record[]): boolean {
  if (own?.speedToPeer == null) return true;
  const isMet = own.speedToPeer >= BAR;
  console.log(`bar: ≥ ${BAR} × ${own.peer}: ${own.speedToPeer.toFixed(2)}, ${isMet ? "met" : "MISSED"}`);
  return isMet;
}
