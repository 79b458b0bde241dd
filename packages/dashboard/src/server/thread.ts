/**
 * Long work on a thread of its own, so that the server goes on answering: a program that says what it has found and ends.
 */
import { Worker } from "node:worker_threads";

/** Programs run as they were built, for tests of the sources too. */
const programOf = (name: string): URL => new URL(`../../dist/server/${name}.js`, import.meta.url);

export interface ThreadOptions<Message> {
  /** What the program works on. */
  readonly data: unknown;
  readonly onMessage: (message: Message) => void;
  /** Ends the thread, and the work fails with its reason. */
  readonly signal: AbortSignal;
}

/** Resolves when the program has ended by itself; fails with its error. */
export function runThread<Message>(program: string, options: ThreadOptions<Message>): Promise<void> {
  const { data, onMessage, signal } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const thread = new Worker(programOf(program), { workerData: data });
    const stop = () => {
      reject(signal.reason);
      void thread.terminate();
    };
    signal.addEventListener("abort", stop, { once: true });
    thread.on("message", onMessage);
    thread.on("error", reject);
    thread.on("exit", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}
