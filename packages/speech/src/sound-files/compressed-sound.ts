/**
 * FLAC, OGG and MP3 to samples, on threads of their own: the event loop stays free, and a file that hangs or breaks a decoder takes no more
 * with it than its thread.
 *
 * The decoders' own web workers are not used: they answer never where the decoder throws, and cannot be left behind at the program's end.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { CorruptSampleError } from "@autodidact/core";
import type { Answer, Asked, Decoded } from "./decode-worker.mjs";
import { tooLong } from "./sound-limits.js";

export type { CompressedKind, Decoded } from "./decode-worker.mjs";

/** The other cores belong to training. */
const mostWorkers = Math.max(1, Math.min(4, availableParallelism() - 1));
/** A thread that shows no sign of life for so long hangs: a slice of 64 KiB takes milliseconds. */
const patienceMs = 30_000;

interface Job {
  readonly id: string;
  readonly asked: Asked;
  resolve(decoded: Decoded): void;
  reject(error: Error): void;
}

const waiting: Job[] = [];
const idle: Worker[] = [];
let workers = 0;

/** The samples, mixed to one channel. `bytes` are copied to the thread. */
export function decodeCompressed(id: string, asked: Asked): Promise<Decoded> {
  return new Promise((resolve, reject) => {
    waiting.push({ id, asked, resolve, reject });
    startWaiting();
  });
}

function startWaiting(): void {
  while (waiting.length > 0) {
    const worker = idle.pop() ?? (workers < mostWorkers ? newWorker() : undefined);
    if (worker === undefined) return;
    work(worker, waiting.shift()!);
  }
}

function newWorker(): Worker {
  workers += 1;
  const worker = new Worker(new URL("./decode-worker.mjs", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  return worker;
}

function work(worker: Worker, { id, asked, resolve, reject }: Job): void {
  worker.ref(); // the program waits for a thread at work, and for no other
  let alive = false;
  const watch = setInterval(() => {
    if (alive) alive = false;
    else setImmediate(() => !alive && giveUp(`the ${asked.kind} decoder hangs on it`)); // what came while the loop was busy counts
  }, patienceMs).unref();

  const leave = () => {
    clearInterval(watch);
    worker.off("message", hear).off("error", fail);
  };
  const hear = (answer: Answer) => {
    if ("progress" in answer) {
      alive = true;
      return;
    }
    leave();
    worker.unref();
    idle.push(worker);
    if ("decoded" in answer) resolve(answer.decoded);
    else if ("tooLong" in answer) reject(tooLong(id, `at least ${answer.tooLong.toFixed(1)} s`, asked.maxSeconds));
    else reject(new CorruptSampleError(id, `damaged ${asked.kind} (${answer.refused})`));
    startWaiting();
  };
  const giveUp = (reason: string) => {
    leave();
    workers -= 1;
    worker.on("error", () => {}); // it is gone already
    void worker.terminate();
    reject(new CorruptSampleError(id, reason));
    startWaiting();
  };
  const fail = (error: Error) => giveUp(`it breaks the ${asked.kind} decoder (${error.message})`);
  worker.on("message", hear).on("error", fail);
  worker.postMessage(asked);
}
