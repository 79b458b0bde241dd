/**
 * One line that is written over while something runs; on a pipe, a plain line now and then.
 */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where long work says how it goes: `liveLine`, a log, or nowhere. */
export interface LiveLine {
  /** What is being done now, in place of what was shown before. */
  show(text: string): void;
  /** A line that stays. */
  print(text: string): void;
  /** Leaves the last text standing. */
  end(): void;
}

export interface LiveLineOptions {
  /** On a pipe, lines are at least so far apart. */
  plainEverySeconds?: number;
  /** The time, in milliseconds. */
  now?: () => number;
}

const CLEAR = "\r\x1b[2K";

export function liveLine(terminal: Terminal, options: LiveLineOptions = {}): LiveLine {
  const { plainEverySeconds = 10, now = Date.now } = options;
  return terminal.isTTY ? rewritten(terminal) : repeated(terminal, plainEverySeconds * 1000, now);
}

function rewritten(terminal: Terminal): LiveLine {
  let shown = "";
  const fitting = (text: string) => text.slice(0, Math.max(20, (terminal.columns ?? 80) - 1));
  return {
    show(text) {
      shown = text;
      terminal.write(CLEAR + fitting(text));
    },
    print(text) {
      terminal.write(`${shown === "" ? "" : CLEAR}${text}\n${fitting(shown)}`);
    },
    end() {
      if (shown !== "") terminal.write("\n");
      shown = "";
    },
  };
}

function repeated(terminal: Terminal, everyMs: number, now: () => number): LiveLine {
  let lastAt = -Infinity;
  let waiting: string | undefined;
  const flush = () => {
    if (waiting !== undefined) terminal.write(`${waiting}\n`);
    waiting = undefined;
  };
  return {
    show(text) {
      waiting = text;
      if (now() - lastAt < everyMs) return;
      lastAt = now();
      flush();
    },
    print(text) {
      waiting = undefined; // it was of before
      terminal.write(`${text}\n`);
    },
    end() {
      flush();
      lastAt = -Infinity; // what comes next is something else: its first line is shown
    },
  };
}
