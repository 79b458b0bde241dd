/** What the engine can be told, and what it refuses. */

import { inspect } from "node:util";

export interface OnnxOptions {
  /** Where graphs run: "cpu" (default) or "webgpu" (any GPU). */
  provider?: "cpu" | "webgpu";
  /** So many threads compute an operator; all processors unless told. */
  threads?: number;
  /** Another build of ONNX Runtime (1.20 or newer) instead of the one inside onnxruntime-node. */
  libraryPath?: string;
  /**
   * Small graphs are computed by TensorFlow.js's CPU kernels: tiny ones always, others the first time; true unless told. Without, each is
   * compiled, so that equal programs give equal bits whatever was computed before.
   */
  interpret?: boolean;
  /** So many compiled graphs are kept; 256 unless told. */
  graphs?: number;
  /**
   * ONNX Runtime's threads wait for work in a loop, also between steps, when JavaScript's own compiler and collector lack the
   * processors. Unless told, true for more than two threads where there are no kernels: those have threads of their own, which wait
   * in a loop for 0.2 ms.
   */
  spin?: boolean;
  /**
   * Training kernels on the CPU: true (default) uses them where they are installed, false never, a path names their library.
   * `backend.kernels` tells which are in use; some that are there and cannot be used are an error.
   */
  kernels?: boolean | string;
  /** Write ONNX Runtime's profile of every graph to files with this prefix. */
  profilePrefix?: string;
}

interface Rule {
  /** Completes "must be …". */
  readonly allowed: string;
  holds(value: unknown): boolean;
}

/** More threads than any machine has processors: the system would refuse to make them, or the process would end. */
const MOST_THREADS = 1024;

const isWhole = (value: unknown, most: number) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
const isText = (value: unknown) => typeof value === "string" && value !== "";
const isSwitch = (value: unknown) => typeof value === "boolean";

const RULES: Record<keyof OnnxOptions, Rule> = {
  provider: { allowed: '"cpu" or "webgpu"', holds: isText }, // the runtime tells which it has
  threads: { allowed: `a whole number from 1 to ${MOST_THREADS}`, holds: (value) => isWhole(value, MOST_THREADS) },
  libraryPath: { allowed: "the path of ONNX Runtime's library", holds: isText },
  graphs: { allowed: "a whole number of at least 1", holds: (value) => isWhole(value, Number.MAX_SAFE_INTEGER) },
  interpret: { allowed: "true or false", holds: isSwitch },
  spin: { allowed: "true or false", holds: isSwitch },
  kernels: {
    allowed: "true, false or the path of the kernels' library",
    holds: (value) => isSwitch(value) || isText(value),
  },
  profilePrefix: { allowed: "the beginning of a file's path", holds: isText },
};

/** Throws at an option that there is not, or a value that it cannot have; one that is undefined is as if left out. */
export function assertOptions(options: OnnxOptions): void {
  const names = Object.keys(RULES).join(", ");
  if (typeof options !== "object" || options === null)
    throw new Error(`useOnnx: the options must be an object of ${names}, got ${inspect(options)}.`);
  for (const [name, value] of Object.entries(options)) {
    const rule = (RULES as Record<string, Rule | undefined>)[name];
    if (!rule) throw new Error(`useOnnx: an option must be one of ${names}, got ${name}.`);
    if (value !== undefined && !rule.holds(value))
      throw new Error(`useOnnx: ${name} must be ${rule.allowed}, got ${inspect(value)}.`);
  }
}
