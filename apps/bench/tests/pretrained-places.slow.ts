/**
 * Whether pretraining helps where masks and boxes are few: SimCLR on drawn shapes without labels, then all of it fine-tuned by twelve, beside the
 * same encoder from scratch with the same labels. The shapes' kinds are told by their form alone: tints are any.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseEngine, cosineSchedule, createRandom, loader, namedVariables, sgd, train } from "@autodidact/core";
import { ap, meanIou } from "@autodidact/evaluate";
import {
  type BoxedImage,
  type FineTunedDense,
  fineTuneDetection,
  fineTuneSegmentation,
  type MaskedImage,
  resnet18,
  saveImageEncoder,
  simclr,
  simclrCifar10,
} from "@autodidact/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SIDE = 24;
const KINDS = ["disc", "square", "cross", "triangle"] as const;
/** Whether a place is of the shape; across and down from −1 to 1. */
const INSIDE: Readonly<Record<(typeof KINDS)[number], (across: number, down: number) => boolean>> = {
  disc: (across, down) => across ** 2 + down ** 2 <= 1,
  square: (across, down) => Math.max(Math.abs(across), Math.abs(down)) <= 0.85,
  cross: (across, down) => Math.min(Math.abs(across), Math.abs(down)) <= 0.33,
  triangle: (across, down) => Math.abs(across) <= (down + 1) / 2,
};

type Drawn = MaskedImage & BoxedImage;

/** One shape on another tint that changes over the image, with noise on both. */
function draw(seed: number): Drawn {
  const random = createRandom(seed);
  const tint = () => [0, 1, 2].map(() => random.integer(256));
  const [ground, shape] = [tint(), tint()];
  const slopes = [random.uniform(-30, 30), random.uniform(-30, 30)] as const;
  const label = random.integer(KINDS.length);
  const size = Math.round(SIDE * random.uniform(0.4, 0.65));
  const [left, top] = [random.integer(SIDE - size), random.integer(SIDE - size)];
  const [pixels, mask] = [new Uint8Array(SIDE * SIDE * 3), new Uint8Array(SIDE * SIDE)];
  for (let place = 0; place < mask.length; place += 1) {
    const [x, y] = [place % SIDE, Math.floor(place / SIDE)];
    const [across, down] = [(2 * (x + 0.5 - left)) / size - 1, (2 * (y + 0.5 - top)) / size - 1];
    const isShape = Math.max(Math.abs(across), Math.abs(down)) <= 1 && INSIDE[KINDS[label]!](across, down);
    if (isShape) mask[place] = label + 1;
    const change = (slopes[0] * (2 * x - SIDE) + slopes[1] * (2 * y - SIDE)) / SIDE;
    for (let c = 0; c < 3; c += 1) {
      const value = (isShape ? shape[c]! : ground[c]! + change) + 15 * random.normals(1)[0]!;
      pixels[3 * place + c] = Math.max(0, Math.min(255, value));
    }
  }
  const boxes = [{ box: [left, top, size, size] as const, label, area: size * size, isCrowd: false }];
  const original = { height: SIDE, width: SIDE };
  return { id: `${seed}`, pixels, height: SIDE, width: SIDE, channels: 3, mask, boxes, original };
}

const drawn = (count: number, from: number) => Array.from({ length: count }, (_, n) => draw(from + n));
const SEEDS = [0, 1, 2] as const;
const LABELLED = 12;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await chooseEngine({ engine: "onnx" });
  for (const seed of SEEDS) await pretrain(seed);
}, 600_000);
afterAll(() => rm(folder, { recursive: true }));

async function pretrain(seed: number): Promise<void> {
  const random = createRandom(seed);
  const encoder = resnet18({ width: 4, stem: "cifar", random: random.split("encoder") });
  const augment = simclrCifar10({ size: SIDE, cropArea: [0.5, 1], jitterStrength: 1 });
  const method = simclr(encoder, augment, random.split("method"), { temperature: 0.2 });
  const images = drawn(512, 100_000 * (seed + 1));
  const steps = 300;
  const training = train({
    method,
    loader: loader(
      { length: images.length, get: async (i) => images[i]! },
      { batchSize: 32, random: random.split("data") },
    ),
    optimizer: sgd(namedVariables(method.learned, "parameters"), { weightDecay: 5e-4 }),
    learningRate: cosineSchedule({ learningRate: 0.06, steps }),
    steps,
    random: random.split("views"),
  });
  for await (const { loss } of training) expect(loss).toBeGreaterThan(0);
  training.dispose();
  await saveImageEncoder(encoder, join(folder, `${seed}`), augment);
}

/** Scores by contender, one a seed; each seed has other labels too. */
async function scores<Answer>(
  fineTune: (folder: string, seed: number) => AsyncIterable<FineTunedDense<Answer>>,
  score: (answer: Answer) => number,
) {
  const found = { pretrained: [] as number[], "from scratch": [] as number[] };
  for (const seed of SEEDS)
    for await (const { contender, answer } of fineTune(join(folder, `${seed}`), seed))
      found[contender].push(score(answer));
  return found;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const part = (examples: Drawn[]) => ({ examples, hash: "" });
const dataOf = (seed: number) => ({
  train: part(drawn(LABELLED, 5000 * (seed + 1))),
  test: part(drawn(64, 900_000)),
  isTestHeldOut: false,
  found: { kind: "shapes", parts: [], classes: [], passedOver: [] },
});
const learning = (seed: number) => ({ seeds: [seed], epochs: 30, batchSize: 4, learningRate: 3e-3 });

describe("by twelve labelled images, a pretrained encoder beats the same from scratch", () => {
  it("at masks, by mean IoU", async () => {
    const classes = { classes: ["background", ...KINDS], values: [0, 1, 2, 3, 4] };
    const found = await scores(
      (encoder, seed) => fineTuneSegmentation(encoder, { ...dataOf(seed), ...classes }, learning(seed)),
      meanIou.overall,
    );
    expect(mean(found.pretrained), JSON.stringify(found)).toBeGreaterThan(mean(found["from scratch"]));
  }, 600_000);

  it("at boxes, by AP", async () => {
    const found = await scores(
      (encoder, seed) => fineTuneDetection(encoder, { ...dataOf(seed), classes: KINDS }, learning(seed)),
      ap.overall,
    );
    expect(mean(found.pretrained), JSON.stringify(found)).toBeGreaterThan(mean(found["from scratch"]));
  }, 600_000);
});
