/**
 * A contender as a child process that computes only in its turn: between turns it is stopped by SIGSTOP, so that neither
 * spinning threads nor collectors of one contender cost another anything.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { parseReply, type Ready, type Reply, type Steps, type Task } from "./protocol.js";

export interface ContenderProcess {
  readonly version: string;
  /** Wakes the process, runs the steps, puts it to sleep. */
  run(steps: number): Promise<Steps>;
  end(): void;
}

const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();

/** A stopped process does not notice that its parent is gone. */
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** `command` gets the task as its last argument; resolves when the contender is ready, rejects with its own words. */
export async function startContender(command: readonly string[], task: Task): Promise<ContenderProcess> {
  const [program, ...parameters] = command;
  const child = spawn(program!, [...parameters, JSON.stringify(task)], { stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  const replies = readReplies(child);

  const ready = (await replies()) as Ready;
  child.kill("SIGSTOP");
  return {
    version: ready.version,
    run: async (steps) => {
      child.kill("SIGCONT");
      child.stdin.write(`${JSON.stringify({ steps })}\n`);
      const reply = (await replies()) as Steps;
      child.kill("SIGSTOP");
      return reply;
    },
    end: () => {
      child.kill("SIGKILL");
      running.delete(child);
    },
  };
}

/** The next reply; a failure reply, or the child's end, rejects and leaves no process behind. */
function readReplies(child: ChildProcessByStdio<Writable, Readable, Readable>): () => Promise<Reply> {
  const arrived: Reply[] = [];
  let wake = () => {};
  let last = "";
  let ended: string | undefined;

  const arrive = (reply: Reply | undefined) => {
    if (reply) arrived.push(reply);
    wake();
  };
  createInterface({ input: child.stdout }).on("line", (line) => arrive(parseReply(line)));
  child.stderr.on("data", (text) => {
    last = (last + text).slice(-2000);
  });
  child.stdin.on("error", () => {}); // its end is told by `close`
  child.on("error", (error) => {
    ended = error.message;
    arrive(undefined);
  });
  child.on("close", (code, signal) => {
    ended ??= `ended by ${signal ?? `code ${code}`}${last ? `: ${lastLine(last)}` : ""}`;
    arrive(undefined);
  });

  return async () => {
    while (arrived.length === 0 && ended === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const reply = arrived.shift() ?? { error: ended! };
    if ("error" in reply) {
      child.kill("SIGKILL");
      running.delete(child);
      throw new Error(reply.error);
    }
    return reply;
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!;
}
