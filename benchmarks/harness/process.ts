/**
 * A contender as a child process that computes only in its turn: between turns it is stopped by SIGSTOP, so that neither
 * spinning threads nor collectors of one contender cost another anything.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { tie } from "./children.js";
import { parseReply, type Ready, type Reply, type Steps, type Task } from "./protocol.js";

export interface ContenderProcess {
  readonly version: string;
  /** Wakes the process, runs the steps, puts it to sleep. */
  run(steps: number): Promise<Steps>;
  end(): void;
}

/** `command` gets the task as its last argument; resolves when the contender is ready, rejects with its own words. */
export async function startContender(command: readonly string[], task: Task): Promise<ContenderProcess> {
  const [program, ...parameters] = command;
  const child = tie(spawn(program!, [...parameters, JSON.stringify(task)], { stdio: ["pipe", "pipe", "pipe"] }));
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
    end: () => child.kill("SIGKILL"),
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
    ended ??= `ended by ${signal ?? `code ${code}`}${last ? `: ${reasonIn(last)}` : ""}`;
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
      throw new Error(reply.error);
    }
    return reply;
  };
}

/** The reason in what was said on stderr: the last line that speaks of an error, else the last one. */
function reasonIn(text: string): string {
  const lines = text.trim().split("\n");
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)!;
}
