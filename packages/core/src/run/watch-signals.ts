/**
 * Ctrl-C, SIGTERM, a closed terminal, a reader of the output that has gone: the first asks every loop to finish what it has begun, so that
 * it saves; a second Ctrl-C or SIGTERM ends the process at once.
 */
import process from "node:process";

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;
type SignalName = keyof typeof SIGNALS;
/** SIGPIPE is left out: Node makes an error of it, which the output's owner hands to `interrupt`. */
const WATCHED = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

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

/** Those who can be asked to stop. */
const working = new Set<AbortController>();

/** The handler sets a flag and says so; whoever polls `signal` does the work. */
export function watchSignals(say: (text: string) => void): SignalWatch {
  const controller = new AbortController();
  const release = () => {
    working.delete(controller);
    for (const name of WATCHED) process.off(name, handle);
  };
  function handle(name: SignalName): void {
    if (!controller.signal.aborted) {
      controller.abort(new Interrupted(name));
      say(`${name}: stopping. Once more to end at once.`);
    } else if (name !== "SIGHUP") {
      // A closed terminal may send several: shell and system, one each. The others are someone's impatience.
      release();
      process.kill(process.pid, name); // no handler is left: the system ends the process, whatever it is doing
    }
  }
  working.add(controller);
  for (const name of WATCHED) process.on(name, handle);
  return { signal: controller.signal, release };
}

/** Asks all who are at work to stop, as a signal does; false where nobody is. */
export function interrupt(by: SignalName): boolean {
  for (const controller of working) {
    if (!controller.signal.aborted) controller.abort(new Interrupted(by));
  }
  return working.size > 0;
}
