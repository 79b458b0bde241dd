/**
 * `npm run bench -- vision-table`: what the methods for images learn from CIFAR-10, at one budget, by the command.
 */
import { benchLearned, type LearnedOptions, seedsOf } from "./learned/bench-learned.js";
import type { Cell, Measurement } from "./learned/run-cells.js";

export interface VisionTableOptions extends LearnedOptions {
  /** The first so many training images of each class. */
  readonly perClass: number;
}

const RESNET = ["--encoder", "resnet18", "--width", "16", "--stem", "cifar"];
const VIEWS = ["--augment", "cifar10", "--crop-area", "0.2,1", "--decay", "all"];
const VIT = ["--encoder", "vit-tiny", "--patch-size", "4", "--layers", "6", "--width", "192", "--augment", "cifar10"];

const METHODS: { readonly [method: string]: readonly string[] } = {
  simclr: [...RESNET, ...VIEWS],
  moco: [...RESNET, ...VIEWS],
  byol: [...RESNET, ...VIEWS],
  vicreg: [...RESNET, ...VIEWS],
  lejepa: [...RESNET, ...VIEWS],
  rotation: RESNET,
  jigsaw: RESNET,
  mae: VIT,
  "moco-v3": VIT,
};

/** What features are good for at other layers: rotation and jigsaw solve their own question at the last. */
const MIDDLE = ["rotation", "jigsaw"];

export async function benchVisionTable(options: VisionTableOptions): Promise<void> {
  await benchLearned(visionCells(options), options);
}

export function visionCells(options: VisionTableOptions): Cell[] {
  const { data, epochs, perClass } = options;
  return Object.entries(METHODS).flatMap(([method, own]) =>
    seedsOf(options).map((seed) => ({
      name: `${method}-${seed}`,
      ...{ method, seed, split: "official" },
      pretrain: [
        ...[method, "--data", data, "--per-class", `${perClass}`, "--epochs", `${epochs}`],
        ...["--batch-size", "256", "--warmup", "0.1", "--seed", `${seed}`, ...own],
      ],
      measurements: measurementsOf(method, options),
    })),
  );
}

function measurementsOf(method: string, { data, perClass }: VisionTableOptions): Measurement[] {
  const labelled = ["--data", data, "--per-class", `${perClass}`];
  const linear = ["--protocol", "linear", ...labelled];
  const measurements: Measurement[] = [
    { name: "knn", command: "evaluate", options: ["--protocol", "knn", ...labelled] },
    { name: "linear", command: "evaluate", options: linear },
  ];
  if (MIDDLE.includes(method))
    measurements.push({ name: "linear at layer3", command: "evaluate", options: [...linear, "--layer", "layer3"] });
  if (method === "mae") {
    const labels = ["--labels", "100-per-class", "--seeds", "3"];
    measurements.push({
      name: "fine-tuned by 1,000 labels",
      command: "finetune",
      options: ["--data", data, ...labels],
    });
  }
  return measurements;
}
