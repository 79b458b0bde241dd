/**
 * `npm run bench -- simclr`: one pretraining recipe, run by the command `autodidact` and by PyTorch, one after the other:
 * does it learn as well, and how long is an epoch?
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { tie } from "./harness/children.js";
import { followEpochs } from "./harness/epochs.js";
import { describeMachine } from "./harness/machine.js";
import { writeRecords } from "./harness/record.js";
import { summarize } from "./harness/statistics.js";
import { formatBytes, formatDuration, table } from "./harness/table.js";

export interface SimclrOptions {
  /** Holds train/<class>/* and test/<class>/*. */
  data: string;
  python?: string;
  epochs: number;
  perClass: number;
  width: number;
  seed: number;
  threads: number;
  engine: string;
  /** How PyTorch runs. */
  peerMode: "eager" | "channels_last" | "compile";
  only?: "autodidact" | "pytorch";
  /** Where the run's folder stays; a temporary one is removed. */
  out?: string;
  json: string;
}

/** Per cent of the test images. */
interface Accuracy {
  readonly knn: number;
  readonly linear: number;
}

interface Trained {
  readonly contender: string;
  readonly version: string;
  readonly epochsMs: readonly number[];
  readonly peakResidentBytes: number;
  readonly pretrained: Accuracy;
  readonly randomInit: Accuracy;
}

const CLASSES = 10;
const BATCH = 256;
/** How far our accuracy may lie below the peer's, in points. */
const MARGIN = 2;

/** The last, incomplete batch is dropped by both. */
function stepsPerEpoch({ perClass }: Pick<SimclrOptions, "perClass">): number {
  return Math.floor((CLASSES * perClass) / BATCH);
}

/** Returns whether our accuracies reach the peer's, less the margin; true where only one side ran. */
export async function benchSimclr(options: SimclrOptions): Promise<boolean> {
  const trained: Trained[] = [];
  if (options.only !== "pytorch") trained.push(await trainAutodidact(options));
  if (options.only !== "autodidact" && options.python) trained.push(await trainPeer(options, options.python));

  writeRecords(
    options.json,
    trained.map((one) => recordOf(one, options)),
  );
  const { epochs, perClass, width } = options;
  console.log(`\nSimCLR: ResNet-18 of width ${width}, ${perClass} images a class, batch ${BATCH}, ${epochs} epochs`);
  console.log(describe(trained, options));
  console.log(`records: ${options.json}`);
  return tellBar(trained);
}

/** Our own defaults are the recipe's where no option stands here. */
function recipe({ epochs, perClass, width, seed }: SimclrOptions): string[] {
  return [
    ...["--encoder", "resnet18", "--width", `${width}`, "--stem", "cifar"],
    ...["--augment", "cifar10", "--crop-area", "0.2,1", "--flip", "0.5", "--blur-probability", "0"],
    ...["--jitter-strength", "0.5", "--jitter-probability", "0.8", "--gray-probability", "0.2"],
    ...["--temperature", "0.5", "--projection-size", "128", "--per-class", `${perClass}`],
    ...["--epochs", `${epochs}`, "--batch-size", `${BATCH}`, "--warmup", "0.1", "--seed", `${seed}`],
    ...["--optimizer", "sgd", "--lr", "0.12", "--momentum", "0.9", "--weight-decay", "5e-4", "--decay", "all"],
  ];
}

async function trainAutodidact(options: SimclrOptions): Promise<Trained> {
  const { data, engine, threads, perClass, epochs } = options;
  const scratch = mkdtempSync(join(tmpdir(), "bench-simclr-"));
  const run = options.out ?? join(scratch, "run");
  try {
    const command = fileURLToPath(new URL("../apps/bench/bin/autodidact.mjs", import.meta.url));
    const computing = ["--engine", engine, "--threads", `${threads}`];
    const autodidact = (...parameters: string[]) =>
      runCommand([process.execPath, command, ...parameters, ...computing]);

    mkdirSync(join(run, ".."), { recursive: true });
    const pretraining = autodidact("pretrain", "simclr", "--data", data, "--out", run, ...recipe(options));
    const epochsMs = await followEpochs(
      join(run, "metrics.jsonl"),
      { epochs, stepsPerEpoch: stepsPerEpoch(options) },
      pretraining,
    );
    const { said } = await pretraining;

    const measure = async (protocol: string) => {
      const file = join(scratch, `${protocol}.json`);
      await autodidact(
        "evaluate",
        run,
        "--data",
        data,
        "--per-class",
        `${perClass}`,
        "--protocol",
        protocol,
        "--json",
        file,
      );
      return JSON.parse(readFileSync(file, "utf8")) as EvaluationRecord;
    };
    const [knn, linear] = [await measure("knn"), await measure("linear")];
    return {
      contender: "autodidact",
      version: /engine: (.*?)(?:;|$)/m.exec(said)?.[1] ?? engine,
      epochsMs,
      peakResidentBytes: (await pretraining).peakResidentBytes,
      pretrained: { knn: 100 * knn.score.value, linear: 100 * linear.score.value },
      randomInit: { knn: 100 * knn.baselines.randomInit.value, linear: 100 * linear.baselines.randomInit.value },
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What is used of @autodidact/evaluate's record. */
interface EvaluationRecord {
  readonly score: { readonly value: number };
  readonly baselines: { readonly randomInit: { readonly value: number } };
}

async function trainPeer(options: SimclrOptions, python: string): Promise<Trained> {
  const { data, epochs, perClass, width, seed, threads, peerMode } = options;
  const script = fileURLToPath(new URL("peers/simclr.py", import.meta.url));
  const named = { data, epochs, "images-per-class": perClass, width, seed, threads, mode: peerMode };
  const parameters = Object.entries(named).flatMap(([name, value]) => [`--${name}`, `${value}`]);

  const events: PeerEvent[] = [];
  await runCommand([python, script, ...parameters], (line) => {
    console.error(line);
    if (line.startsWith("{")) events.push(JSON.parse(line) as PeerEvent);
  });
  const evaluated = (of: string) => events.find((event) => event.event === "evaluated" && event.of === of)!;
  return {
    contender: `pytorch ${peerMode}`,
    version: events.find(({ event }) => event === "start")!.version!,
    epochsMs: events.flatMap(({ event, seconds }) => (event === "epoch" ? [1000 * seconds!] : [])),
    peakResidentBytes: evaluated("pretrained").peakResidentBytes!,
    pretrained: accuracyOf(evaluated("pretrained")),
    randomInit: accuracyOf(evaluated("random init")),
  };
}

/** A line of peers/simclr.py. */
interface PeerEvent {
  readonly event: "start" | "epoch" | "evaluated";
  readonly version?: string;
  readonly seconds?: number;
  readonly of?: string;
  readonly knn?: number;
  readonly linear?: number;
  readonly peakResidentBytes?: number;
}

const accuracyOf = ({ knn, linear }: PeerEvent): Accuracy => ({ knn: knn!, linear: linear! });

/** Runs to its end, its stderr shown as it comes; rejects where it fails. */
function runCommand(
  [program, ...parameters]: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<{ said: string; peakResidentBytes: number }> {
  return new Promise((resolve, reject) => {
    const child = tie(spawn(program!, parameters, { stdio: ["ignore", "pipe", "pipe"] }));
    let said = "";
    let peakResidentBytes = 0;
    const watch = setInterval(() => {
      peakResidentBytes = Math.max(peakResidentBytes, residentPeak(child.pid!));
    }, 1000);
    child.stderr.on("data", (text) => {
      said += text;
      process.stderr.write(text);
    });
    createInterface({ input: child.stdout }).on("line", onLine);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ said, peakResidentBytes });
      else reject(new Error(`${program} ${parameters.slice(0, 3).join(" ")} … ended with code ${code}.`));
    });
  });
}

/** Linux keeps the largest resident size of a process; 0 elsewhere, and where the process is gone. */
function residentPeak(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function recordOf(trained: Trained, { epochs, perClass, width, seed, threads }: SimclrOptions) {
  const { medianMs, minimumMs, spread } = summarize(trained.epochsMs);
  return {
    work: `simclr-pretraining-${width}`,
    contender: trained.contender,
    version: trained.version,
    medianMs,
    minimumMs,
    spread,
    rounds: trained.epochsMs.length,
    epochsMs: trained.epochsMs,
    accuracy: { pretrained: trained.pretrained, randomInit: trained.randomInit },
    peakResidentBytes: trained.peakResidentBytes,
    size: { epochs, perClass, width, batch: BATCH },
    seed,
    threads,
    machine: describeMachine(),
    measuredAt: new Date().toISOString(),
  };
}

function describe(trained: readonly Trained[], options: SimclrOptions): string {
  const header = [
    "contender",
    "epoch",
    "fastest",
    "images/s",
    "kNN",
    "linear",
    "random kNN",
    "random linear",
    "peak memory",
  ];
  const rows = trained.map(({ contender, epochsMs, pretrained, randomInit, peakResidentBytes }) => {
    const { medianMs, minimumMs } = summarize(epochsMs);
    const images = stepsPerEpoch(options) * BATCH;
    const accuracies = [pretrained.knn, pretrained.linear, randomInit.knn, randomInit.linear];
    return [
      contender,
      formatDuration(medianMs),
      formatDuration(minimumMs),
      ((1000 * images) / medianMs).toFixed(0),
      ...accuracies.map((accuracy) => accuracy.toFixed(1)),
      formatBytes(peakResidentBytes),
    ];
  });
  return table(header, rows);
}

function tellBar(trained: readonly Trained[]): boolean {
  const [own, peer] = trained;
  if (!own || !peer) return true;
  const behind = {
    knn: peer.pretrained.knn - own.pretrained.knn,
    linear: peer.pretrained.linear - own.pretrained.linear,
  };
  const isMet = behind.knn <= MARGIN && behind.linear <= MARGIN;
  const signed = (points: number) => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
  console.log(
    `bar: accuracy within ${MARGIN} points of ${peer.contender}: kNN ${signed(-behind.knn)}, linear ${signed(-behind.linear)}, ${isMet ? "met" : "MISSED"}`,
  );
  return isMet;
}
