/**
 * How long the epochs of a run last, seen from outside: by the clock, from one epoch's last line in metrics.jsonl to the
 * next one's, with all that the command does beside training.
 */
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 100;

export interface EpochCount {
  readonly epochs: number;
  /** One line each. */
  readonly stepsPerEpoch: number;
}

/** Milliseconds of each epoch; rejects where the run does. The first epoch begins when the file is made. */
export async function followEpochs(file: string, count: EpochCount, run: Promise<unknown>): Promise<number[]> {
  const { epochs, stepsPerEpoch } = count;
  let isRunning = true;
  const end = () => {
    isRunning = false;
  };
  run.then(end, end);

  while (isRunning && !existsSync(file)) await sleep(LOOK_EVERY_MS);
  const milliseconds: number[] = [];
  let start = performance.now();
  while (milliseconds.length < epochs) {
    if (!isRunning) await run; // throws what it threw
    const now = performance.now();
    if (linesOf(file) >= (milliseconds.length + 1) * stepsPerEpoch) {
      milliseconds.push(now - start);
      start = now;
    } else if (!isRunning) {
      const steps = epochs * stepsPerEpoch;
      throw new Error(`followEpochs: ${file} must show ${steps} steps at the run's end, it shows ${linesOf(file)}.`);
    }
    await sleep(LOOK_EVERY_MS);
  }
  return milliseconds;
}

function linesOf(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}
