/**
 * Ctrl-C and SIGTERM: the first asks every loop to finish what it has begun, the second ends the process at once.
 */
import process from "node:process";

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;
type SignalName = keyof typeof SIGNALS;

/** Why an `AbortSignal` of `watchSignals` fired. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** What a shell expects of a process that a signal ended. */
  readonly exitCode: number;

  constructor(readonly by: SignalName) {
    super(`stopped by ${by}`);
    this.exitCode = 128 + SIGNALS[by];
  }
}

export interface SignalWatch {
  readonly signal: AbortSignal;
  /** Gives the signals back. */
  release(): void;
}

/** The handler sets a flag and says so; whoever polls `signal` does the work. */
export function watchSignals(say: (text: string) => void): SignalWatch {
  const controller = new AbortController();
  const release = () => {
    for (const name of Object.keys(SIGNALS)) process.off(name, handle);
  };
  function handle(name: SignalName): void {
    if (controller.signal.aborted) {
      release();
      process.kill(process.pid, name); // no handler is left: the system ends the process, whatever it is doing
      return;
    }
    say(`${name}: stopping. Once more to end at once.`);
    controller.abort(new Interrupted(name));
  }
  for (const name of Object.keys(SIGNALS)) process.on(name, handle);
  return { signal: controller.signal, release };
}
