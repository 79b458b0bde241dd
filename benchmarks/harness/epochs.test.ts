import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followEpochs } from "./epochs.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "epochs-"));
  file = join(folder, "metrics.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function runOf(steps: number, lastWords: () => void = () => {}): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await sleep(20);
    appendFileSync(file, `{"step":${step}}\n`);
  }
  lastWords();
}

test("each epoch has its time, also those that ended between two looks", async () => {
  const epochs = await followEpochs(file, { epochs: 3, stepsPerEpoch: 2 }, runOf(6));
  expect(epochs).toHaveLength(3);
  expect(Math.min(...epochs)).toBeGreaterThanOrEqual(0);
});

test("a run that stops early is an error, and one that fails gives its own", async () => {
  const count = { epochs: 3, stepsPerEpoch: 2 };
  await expect(followEpochs(file, count, runOf(5))).rejects.toThrow("must show 6 steps at the run's end, it shows 5");
  const failing = runOf(1, () => {
    throw new Error("the disk is full");
  });
  await expect(followEpochs(join(folder, "other"), count, failing)).rejects.toThrow("the disk is full");
});
