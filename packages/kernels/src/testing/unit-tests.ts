/** The program with the Rust kernels' unit tests, for slow tests that run it in another way than `cargo test` does. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const native = fileURLToPath(new URL("../../native/", import.meta.url));

/** Tests leave out their largest cases. */
const SMALL = { AUTODIDACT_VALGRIND: "1" };

export function run(command: string, args: readonly string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment };
  return spawnSync(command, args, { cwd: native, env, encoding: "utf8", maxBuffer: 2 ** 28 });
}

export function isInstalled(command: string): boolean {
  return run(command, ["--version"]).status === 0;
}

/** Builds the unit tests by these arguments of `cargo test` and gives the program's path. */
export function buildUnitTests(args: readonly string[], environment: Record<string, string> = {}): string {
  const how = ["test", "--lib", "--no-run", "--locked", "--message-format", "json", ...args];
  const built = run("cargo", how, environment);
  expect(built.status, built.stderr).toBe(0);
  const messages = built.stdout.split("\n").filter(Boolean);
  return messages.map((line) => (JSON.parse(line) as { executable?: string }).executable).find(Boolean)!;
}

/** Runs a small selection of the unit tests' cases inside another program; gives what they wrote. All must pass. */
export function passUnitTestsUnder(command: string, args: readonly string[], program: string): string {
  const tested = run(command, [...args, program, "--show-output"], SMALL);
  const errors = tested.stderr.split("\n").filter((line) => line.startsWith("=="));
  expect(tested.status, [tested.stdout, ...errors].join("\n")).toBe(0);
  expect(tested.stdout).toMatch(/test result: ok\. [1-9]\d* passed/);
  return tested.stdout;
}
