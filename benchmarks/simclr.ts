/**
 * `npm run bench -- simclr`: one pretraining recipe, run by the command `autodidact` and by PyTorch, one after the other:
 * does it learn as well, and how long is an epoch?
 */
import { describeMachine } from "./harness/machine.js";
import { writeRecords } from "./harness/record.js";
import { summarize } from "./harness/statistics.js";
import { formatBytes, formatDuration, table } from "./harness/table.js";
import { trainAutodidact } from "./simclr/autodidact.js";
import { trainPeer } from "./simclr/pytorch.js";
import { BATCH, type Recipe, stepsPerEpoch, type Trained } from "./simclr/recipe.js";

export interface SimclrOptions extends Recipe {
  json: string;
}

/** How far our accuracy may lie below the peer's, in points. */
const MARGIN = 2;

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
