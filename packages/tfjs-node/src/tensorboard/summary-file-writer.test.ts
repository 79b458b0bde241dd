import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layers, scalar, sequential, tensor1d, tensor2d } from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventsOf } from "../testing/events-of.js";
import { bucketsOf } from "./buckets.js";
import { summaryFileWriter } from "./summary-file-writer.js";
import { tensorBoard } from "./tensorboard-callback.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "summaries-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const onlyFile = (of: string) => {
  const names = readdirSync(of);
  expect(names).toHaveLength(1);
  return readFileSync(join(of, names[0]!));
};

test("numbers, tensors and histograms are in the file after a flush", () => {
  const logs = join(folder, "logs");
  const writer = summaryFileWriter(logs);
  expect(summaryFileWriter(logs)).toBe(writer);
  writer.scalar("loss", 0.5, 1);
  writer.scalar("loss", scalar(0.25), 2);
  writer.histogram("weights", tensor2d([[0, 1], [2, 4]]), 3, 2, "all of them"); // biome-ignore format: a matrix
  expect(eventsOf(onlyFile(logs))).toEqual([{ fileVersion: "brain.Event:2" }]);
  writer.flush();
  expect(eventsOf(onlyFile(logs))).toEqual([
    { fileVersion: "brain.Event:2" },
    { step: 1, tag: "loss", value: 0.5 },
    { step: 2, tag: "loss", value: 0.25 },
    {
      step: 3,
      tag: "weights",
      plugin: "histograms",
      description: "all of them",
      shape: [2, 3],
      content: [0, 2, 2, 2, 4, 2], // 0 and 1, then 2 and 4
    },
  ]);
});

test("so many events wait, and no more", () => {
  const writer = summaryFileWriter(folder, 2);
  for (let step = 1; step <= 4; step += 1) writer.scalar("x", step, step);
  expect(eventsOf(onlyFile(folder))).toHaveLength(1 + 3); // the fourth waits
});

test("buckets are of equal width; equal values, no values and those that are not finite", () => {
  expect([...bucketsOf([1, 1, 1])]).toEqual([0.5, 1.5, 3]);
  expect(bucketsOf([])).toHaveLength(0);
  expect([...bucketsOf([0, Number.NaN, 3, 1.5, Number.POSITIVE_INFINITY], 3)]).toEqual([0, 1, 1, 1, 2, 1, 2, 3, 1]);
  const thirty = bucketsOf([0, 1, 2, 4, 4, 3.3]);
  expect(thirty).toHaveLength(90);
  // As tfjs-node 4.22 wrote it: by rounding to 32 bits, 2 is in the bucket that ends with it, and an edge is 0.40000003576278687.
  expect([...thirty.subarray(3 * 14, 3 * 15)].map((value) => value.toFixed(6))).toEqual([
    "1.866667",
    "2.000000",
    "1.000000",
  ]);
  expect(thirty[3 * 2 + 1]).toBe(0.40000003576278687);
  expect(() => bucketsOf([1], 0)).toThrow("buckets must be a whole number of at least 1, got 0");
});

test("wrong values are refused", () => {
  const writer = summaryFileWriter(folder);
  expect(() => writer.scalar("x", 1, 0.5)).toThrow("step is expected to be an integer, but is instead 0.5");
  expect(() => writer.scalar("x", tensor1d([1]) as never, 1)).toThrow(
    "must be a number or a tensor of rank 0, got rank 1",
  );
  expect(() => writer.scalar("x", 1, 1, "words")).toThrow("description");
  expect(() => summaryFileWriter("")).toThrow("Expected a non-empty string for logdir");
  writeFileSync(join(folder, "file"), "");
  expect(() => summaryFileWriter(join(folder, "file"))).toThrow("EEXIST");
});

test("model.fit's losses, of batches, epochs and validation, and the weights", async () => {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], useBias: false, name: "only" })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const [x, y] = [tensor2d([[0, 1], [1, 0], [1, 1], [0, 0]]), tensor2d([[1], [1], [2], [0]])]; // biome-ignore format: matrices
  const { history } = await model.fit(x, y, {
    epochs: 2,
    batchSize: 2,
    verbose: 0,
    validationData: [x, y],
    callbacks: tensorBoard(folder, { updateFreq: "batch", histogramFreq: 2 }),
  });
  const train = eventsOf(onlyFile(join(folder, "train"))).slice(1);
  const epochs = train.filter(({ tag }) => tag === "epoch_loss");
  expect(epochs.map(({ step, value }) => [step, value])).toEqual(history.loss!.map((loss, i) => [i + 1, loss]));
  expect(train.filter(({ tag }) => tag === "batch_loss").map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  expect(train.filter(({ plugin }) => plugin).map(({ tag, step }) => [tag, step])).toEqual([["only/kernel", 0]]);
  const validation = eventsOf(onlyFile(join(folder, "val"))).slice(1);
  expect(validation.map(({ tag, step, value }) => [tag, step, value])).toEqual(
    history.val_loss!.map((loss, i) => ["epoch_loss", i + 1, loss]),
  );
});

test("the callback refuses what it does not know", () => {
  expect(() => tensorBoard(folder, { updateFreq: "step" as never })).toThrow(
    "Expected updateFreq to be 'batch' or 'epoch'",
  );
  expect(() => tensorBoard(folder, { histogramFreq: -1 })).toThrow("Expected histogramFreq to be a positive integer");
});
