/**
 * Flite, in a process of its own: Node 20's WASI crashes now and then on a busy machine, and then another process says what is left.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What is said, how, and the file that it becomes. */
export interface Saying {
  /** Flite's name of it. */
  readonly voice: string;
  /** Hz, of the mean pitch. */
  readonly pitch: number;
  /** Above 1: slower. */
  readonly pace: number;
  readonly text: string;
  readonly name: string;
}

export interface SayOptions {
  /** The path of flite.wasm. */
  readonly wasm: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  onSaid?(count: number): void;
}

/** What the process is told first. */
export interface SayRequest {
  readonly sayings: readonly Saying[];
  readonly wasm: string;
  readonly folder: string;
}

/** What it says after each saying, or in place of it. */
export type SayMessage = { readonly isSaid: true } | { readonly error: string };

const PROCESS = fileURLToPath(new URL("flite-process.js", import.meta.url));
/** So many processes may end one after the other before one has said anything. */
const MOST_CRASHES = 5;

export async function sayAll(sayings: readonly Saying[], options: SayOptions): Promise<void> {
  let said = 0;
  let crashes = 0;
  while (said < sayings.length) {
    const before = said;
    const end = await sayInProcess(sayings.slice(said), options, () => {
      said += 1;
      options.onSaid?.(said);
    });
    crashes = said > before ? 0 : crashes + 1;
    if (said < sayings.length && crashes === MOST_CRASHES)
      throw new Error(`flite's process ended by ${end} ${crashes} times before it had said anything.`);
  }
}

/** Gives how the process ended, which may be before all is said. */
function sayInProcess(
  sayings: readonly Saying[],
  { wasm, folder, signal }: SayOptions,
  onSaid: () => void,
): Promise<NodeJS.Signals | number | null> {
  signal.throwIfAborted();
  const child = fork(PROCESS, { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  return new Promise<NodeJS.Signals | number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("message", (message: SayMessage) => ("error" in message ? reject(new Error(message.error)) : onSaid()));
    child.on("close", (code, by) => (signal.aborted ? reject(signal.reason) : resolve(by ?? code)));
    child.send({ sayings, wasm, folder } satisfies SayRequest, () => {}); // one that is gone already tells it by its end
  }).finally(() => {
    signal.removeEventListener("abort", stop);
    child.kill();
  });
}
