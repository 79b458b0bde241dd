/**
 * A cell in a process of its own: what takes it down, its memory or a library, takes no other cell with it.
 */
import { type ChildProcess, fork } from "node:child_process";
import type { CellAnswer, CellMessage, CellRequest } from "./cell-messages.js";
import { memoryOf } from "./memory-of.js";

const WATCH_MS = 100;
/** Of what it wrote to its standard error. */
const TOLD_BYTES = 2000;

/** The program of a cell's process: a module that calls `serveCell`, and what it is told. */
export interface CellProgram {
  /** A path. */
  readonly module: string;
  readonly args?: readonly string[] | undefined;
}

export interface CellProcessOptions {
  readonly program: CellProgram;
  /** Bytes; a process that holds more is ended. */
  readonly memoryLimit: number;
  readonly signal: AbortSignal;
  show(text: string): void;
  print(text: string): void;
}

export interface CellAnswers {
  readonly answers: readonly CellAnswer[];
}

export type CellEnd = CellAnswers | { readonly error: string };

/** Throws the signal's reason where it was asked to stop. */
export async function runCell(request: CellRequest, options: CellProcessOptions): Promise<CellEnd> {
  const { program, signal, memoryLimit } = options;
  signal.throwIfAborted();
  const child = fork(program.module, program.args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  const watch = watchMemory(child, memoryLimit);
  try {
    const end = await endOf(child, request, options);
    signal.throwIfAborted();
    const limit = "Give it more by `memoryLimit`, or a smaller task";
    return watch.held() === undefined
      ? end
      : {
          error: `The cell held ${megabytes(watch.held()!)} MB, over the limit of ${megabytes(memoryLimit)} MB, and was ended. ${limit}.`,
        };
  } finally {
    watch.end();
    signal.removeEventListener("abort", stop);
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Ends the process at once where it holds too much, for it may be too busy to be asked. */
function watchMemory(child: ChildProcess, limit: number) {
  let held: number | undefined;
  const timer = setInterval(async () => {
    const now = child.pid === undefined ? undefined : await memoryOf(child.pid);
    if (now === undefined || now <= limit || held !== undefined) return;
    held = now;
    child.kill("SIGKILL");
  }, WATCH_MS);
  return { held: () => held, end: () => clearInterval(timer) };
}

function endOf(child: ChildProcess, request: CellRequest, { show, print }: CellProcessOptions): Promise<CellEnd> {
  const answers: CellAnswer[] = [];
  let end: CellEnd | undefined;
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-TOLD_BYTES);
  });
  child.on("message", (message: CellMessage) => {
    if ("show" in message) show(message.show);
    else if ("print" in message) print(message.print);
    else if ("answer" in message) answers.push(message.answer);
    else if ("error" in message) end = { error: message.error };
    else end = { answers };
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, by) => resolve(end ?? { error: endedBy(code, by, errors) }));
    child.send(request, (error) => error && resolve({ error: `The cell's process did not start: ${error.message}` }));
  });
}

function endedBy(code: number | null, by: NodeJS.Signals | null, errors: string): string {
  const what = by === "SIGKILL" ? "SIGKILL, as a system does that is out of memory" : (by ?? `exit code ${code}`);
  return `The cell's process ended by ${what}.${errors.trim() === "" ? "" : ` It said: ${errors.trim()}`}`;
}
