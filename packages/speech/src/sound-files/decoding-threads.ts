/**
 * Threads that decode one file after the other, so that the event loop stays free, and a file that hangs or breaks a decoder takes no more
 * with it than its thread.
 *
 * The decoders' own web workers are not used: they never answer where the decoder throws, and keep a program from ending.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { CorruptSampleError } from "@autodidact/core";
import type { Answer, Asked, Decoded } from "./decode-worker.mjs";
import { tooLong } from "./sound-limits.js";

/** The other cores belong to training. */
const mostThreads = Math.max(1, Math.min(4, availableParallelism() - 1));

interface Job {
  readonly id: string;
  readonly asked: Asked;
  resolve(decoded: Decoded): void;
  reject(error: Error): void;
}

/** Gives the samples of a file, mixed to one channel. */
export type Decode = (id: string, asked: Asked) => Promise<Decoded>;

/**
 * Threads start when there is work, and run `program`. One that shows no sign of life for `patienceMs` hangs and is ended; it gives one for
 * each slice of 64 KiB, which takes milliseconds.
 */
export function decodingThreads(program: URL, patienceMs = 30_000): Decode {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  let threads = 0;

  function startWaiting(): void {
    while (waiting.length > 0) {
      const thread = idle.pop() ?? (threads < mostThreads ? newThread() : undefined);
      if (thread === undefined) return;
      work(thread, waiting.shift()!);
    }
  }

  function newThread(): Worker {
    threads += 1;
    return new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
  }

  function work(thread: Worker, { id, asked, resolve, reject }: Job): void {
    const ended = (state: "idle" | "lost") => {
      clearInterval(watch);
      thread.removeAllListeners("message").removeAllListeners("error");
      if (state === "idle") {
        thread.unref(); // the program waits for a thread at work, and for no other
        idle.push(thread);
      } else {
        threads -= 1;
        thread.on("error", () => {}); // what else it has to say comes too late
        void thread.terminate();
      }
      startWaiting();
    };
    const giveUp = (reason: string) => {
      ended("lost");
      reject(new CorruptSampleError(id, reason));
    };

    let isAlive = true;
    const watch = setInterval(() => {
      if (isAlive) isAlive = false;
      else setImmediate(() => !isAlive && giveUp(`the ${asked.kind} decoder hangs on it`)); // after what came while the loop was busy
    }, patienceMs);

    thread.on("error", (error) => giveUp(`it breaks the ${asked.kind} decoder (${error.message})`));
    thread.on("message", (answer: Answer) => {
      isAlive = true;
      if ("progress" in answer) return;
      ended("idle");
      if ("decoded" in answer) resolve(answer.decoded);
      else if ("tooLong" in answer) reject(tooLong(id, `at least ${answer.tooLong.toFixed(1)} s`, asked.maxSeconds));
      else reject(new CorruptSampleError(id, `damaged ${asked.kind} (${answer.refused})`));
    });
    thread.ref();
    const bytes = new Uint8Array(asked.bytes); // its own buffer: of a view, all that lies beside it would go along
    thread.postMessage({ ...asked, bytes }, [bytes.buffer]);
  }

  return (id, asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ id, asked, resolve, reject });
      startWaiting();
    });
}
