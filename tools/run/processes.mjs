/** Child processes of the root scripts: inherited output, no standard input, signals left to the child. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const onWindows = process.platform === "win32";

/** Some tools colour whenever CI is set, which makes a log file unreadable. @type {Record<string, string>} */
const plain = process.stdout.isTTY || process.env.FORCE_COLOR !== undefined ? {} : { NO_COLOR: "1" };

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
let interrupted = false;

/** Ctrl-C reaches the child too (one process group): it saves and exits, and only then do we, starting no other. */
export function leaveSignalsToChildren() {
  process.on("SIGINT", () => {
    interrupted = true;
  });
  process.on("SIGTERM", () => {
    interrupted = true;
    for (const child of children) child.kill("SIGTERM");
  });
}

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string>} [env] added to the environment
 * @property {(chunk: string) => void} [onOutput] receives what the child writes to standard output, which is shown all the same
 * @property {boolean} [quiet] shows nothing of it
 */

/**
 * Runs a program at the root of the repository and resolves to its exit code (130 after Ctrl-C; 127 when it is not there).
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, { env = {}, onOutput, quiet = false } = {}) {
  if (interrupted) return Promise.resolve(130);
  return new Promise((resolve) => {
    const child = spawn(command === "node" ? process.execPath : command, args, {
      cwd: root,
      env: { ...process.env, ...plain, ...env },
      shell: onWindows && command !== "node",
      stdio: ["ignore", onOutput || quiet ? "pipe" : "inherit", quiet ? "ignore" : "inherit"],
    });
    children.add(child);
    child.stdout?.setEncoding("utf8").on("data", (chunk) => {
      if (!quiet) process.stdout.write(chunk);
      onOutput?.(chunk);
    });
    child.on("error", () => resolve(127));
    child.on("close", (code, signal) => {
      children.delete(child);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/**
 * Runs a program that a dependency of the root installed.
 *
 * @param {string} name
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export const runTool = (name, args, options) => run(join(root, "node_modules", ".bin", name), args, options);
