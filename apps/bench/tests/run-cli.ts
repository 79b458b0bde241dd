/** The command in a process of its own, as a user runs it. Built first: `pnpm build`. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../bin/autodidact.mjs", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves once the output (either stream) matches; rejects where it ends without. */
  seen(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
}

export function startCli(args: readonly string[], cwd: string, bin = BIN): Running {
  const env = { ...process.env, NODE_PATH: "" }; // what runs the tests may have set one, which finds packages everywhere
  const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { output: "", errors: "" };
  const watchers = new Set<() => void>();
  for (const [stream, name] of [
    [child.stdout, "output"],
    [child.stderr, "errors"],
  ] as const) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text[name] += part;
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...text }));
  });
  const seen = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(text.output) || pattern.test(text.errors)) resolve();
      };
      watchers.add(look);
      look();
      void ended.then(() => reject(new Error(`ended before ${pattern}:\n${text.output}\n${text.errors}`)));
    });
  return { process: child, seen, ended };
}

export const runCli = (args: readonly string[], cwd: string): Promise<Ended> => startCli(args, cwd).ended;
