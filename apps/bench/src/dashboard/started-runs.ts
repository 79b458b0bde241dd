/**
 * Pretrainings that the dashboard started: processes of their own, whose runs tell how they fare. They save and end when the dashboard closes.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { exists, UsageError } from "@autodidact/core";

const BIN = fileURLToPath(new URL("../../bin/autodidact.mjs", import.meta.url));
/** Of what a process wrote to its standard error. */
const TOLD = 2000;
/** A run that takes longer to begin, on data that takes long to read, shows itself later. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 100;
/** They share the processors. */
const MOST = 4;

export interface StartedRuns {
  /** Returns once the run is there; a `UsageError` says why there is none. `args` are those of `pretrain`, without --out. */
  start(args: readonly string[], out: string): Promise<void>;
  /** How many are at work. */
  readonly count: number;
  /** Asks all to save and end, and waits. */
  close(): Promise<void>;
}

export function startedRuns(): StartedRuns {
  const working = new Set<ChildProcess>();

  async function start(args: readonly string[], out: string): Promise<void> {
    if (working.size >= MOST) throw new UsageError(`${MOST} runs that were started here are at work. Wait for one.`);
    // A group of its own: Ctrl-C at the terminal is the dashboard's, which then asks each to end, once.
    const child = spawn(process.execPath, [BIN, "pretrain", ...args, `--out=${out}`], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    working.add(child);
    let told = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      told = (told + text).slice(-TOLD);
    });
    let isEnded = false;
    const ended = new Promise<void>((resolve) => {
      const end = () => {
        isEnded = true;
        working.delete(child);
        resolve();
      };
      child.once("error", end).once("close", end);
    });
    const late = performance.now() + PATIENCE_MS;
    while (!isEnded && performance.now() < late && !(await exists(join(out, "config.json"))))
      await Promise.race([ended, wait(LOOK_MS)]);
    if (isEnded && !(await exists(join(out, "config.json")))) throw new UsageError(reasonIn(told));
  }

  return {
    start,
    get count() {
      return working.size;
    },
    async close() {
      const ended = [...working].map((child) => new Promise<void>((resolve) => child.once("close", () => resolve())));
      for (const child of working) child.kill("SIGTERM");
      await Promise.all(ended);
    },
  };
}

/** What the command said it failed by. */
function reasonIn(told: string): string {
  const lines = told.trim().split("\n");
  const error = lines.findIndex((line) => line.includes("error:"));
  return error === -1 ? `The run did not begin. ${lines.slice(-3).join("\n")}` : lines.slice(error).join("\n");
}
