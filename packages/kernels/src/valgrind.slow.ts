/**
 * The unit tests of the Rust kernels under valgrind, where both are: no read of memory that nobody wrote, none outside of an allocation.
 *
 * Valgrind's processor has AVX2 and no AVX-512, whatever the machine has: the kernels choose by asking it.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const native = fileURLToPath(new URL("../native/", import.meta.url));
const run = (command: string, args: string[], environment: Record<string, string> = {}) => {
  const env = { ...process.env, ...environment };
  return spawnSync(command, args, { cwd: native, env, encoding: "utf8", maxBuffer: 2 ** 28 });
};

test("valgrind finds nothing in the kernels", ({ skip }) => {
  for (const needed of ["valgrind", "cargo"]) {
    skip(run(needed, ["--version"]).status !== 0, `${needed} is not installed`);
  }
  const built = run("cargo", [
    ...["test", "--profile", "valgrind", "--lib", "--no-run", "--locked", "--message-format", "json"],
  ]);
  expect(built.status, built.stderr).toBe(0);
  const messages = built.stdout.split("\n").filter(Boolean);
  const program = messages.map((line) => (JSON.parse(line) as { executable?: string }).executable).find(Boolean);

  const small = { AUTODIDACT_VALGRIND: "1" }; // tests leave out their largest cases
  const checked = run("valgrind", ["--error-exitcode=1", "--num-callers=20", program!], small);
  const errors = checked.stderr.split("\n").filter((line) => line.startsWith("=="));
  expect(checked.status, [checked.stdout, ...errors].join("\n")).toBe(0);
  expect(checked.stdout).toMatch(/test result: ok\. [1-9]\d* passed/);
});
