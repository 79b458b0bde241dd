/**
 * Decodes by sharp and waits for it: a thread decodes, the caller sleeps on a cell of shared memory (`Atomics.wait`).
 *
 * Synchronous decoders would need no thread: in JavaScript (jpeg-js, pngjs, omggif) they had their last release between 2019 and 2023 and
 * upsample colours otherwise than libjpeg-turbo, which TensorFlow and libvips share; in WebAssembly (@jsquash) they begin asynchronously.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Raster } from "./raster.js";

export interface DecodeTask {
  readonly contents: Uint8Array;
  /** As they are in the file, or gray, or cyan, magenta, yellow and black, without conversion. */
  readonly colours: "raw" | "gray" | "cmyk";
  /** Whether samples have 16 bits; their upper 8 are given. */
  readonly isDeep?: boolean;
  /** Whether all frames are wanted, one below the other. */
  readonly isAnimated?: boolean;
  /** Whether a file that is cut short is taken as far as it goes. */
  readonly isRecovered?: boolean;
}

export interface Frames extends Raster {
  /** How many images stand one below the other in `pixels`. */
  readonly frames: number;
}

type Answer = { readonly decoded: Frames } | { readonly failed: string };

/** No image takes so long, in milliseconds: the thread is gone. */
const PATIENCE = 600_000;

let thread: ReturnType<typeof startThread> | undefined;

/** `name` is the function to be named in errors. */
export function decodeAndWait(name: string, task: DecodeTask): Frames {
  thread ??= startThread();
  const done = new Int32Array(new SharedArrayBuffer(4));
  // A Buffer may be a part of a larger one, which would be copied whole.
  thread.postMessage({ task: { ...task, contents: new Uint8Array(task.contents) }, done });
  if (Atomics.wait(done, 0, 0, PATIENCE) === "timed-out") {
    thread = undefined;
    throw new Error(`tf.node.${name}: the decoding thread gave no answer within ${PATIENCE / 60_000} minutes.`);
  }
  const answer = receiveMessageOnPort(thread)?.message as Answer;
  if ("decoded" in answer) return answer.decoded;
  throw new Error(`tf.node.${name}: the image cannot be decoded: ${answer.failed}`);
}

/** The thread keeps no process alive. */
function startThread() {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./decode-worker.mjs", import.meta.url), {
    workerData: { port: port2 },
    transferList: [port2],
    execArgv: [], // the program's own may not suit a file of ours
  });
  worker.unref();
  port1.unref();
  return port1;
}
